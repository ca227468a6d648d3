package io.tha.region;

/**
 * A part of an overflow segment that an OVERFLOW frame names.
 *
 * @param segment number of the file
 * @param offset of its first frame
 * @param lengthBytes of all its frames
 * @param frames how many there are
 * @param crc of the range, 0 when switched off
 */
record OverflowRange(int segment, long offset, long lengthBytes, int frames, int crc) {}
