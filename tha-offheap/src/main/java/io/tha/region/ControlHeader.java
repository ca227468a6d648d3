package io.tha.region;

import io.tha.CorruptRegionException;
import io.tha.ThaException;
import io.tha.memory.MappedFile;
import io.tha.memory.Memory;

/** Writes the header of a new control file, and examines that of an existing one. */
final class ControlHeader {
    private static final String REPAIR = "; if it was damaged, stop all processes of the domain and remove the file";

    private ControlHeader() {}

    /** Fills a zeroed file that nobody else knows yet. */
    static void write(long base) {
        Memory.putLong(base + ControlDescriptor.MAGIC_OFFSET, ControlDescriptor.MAGIC);
        Memory.putShort(base + ControlDescriptor.VERSION_MAJOR_OFFSET, ControlDescriptor.VERSION_MAJOR);
        Memory.putShort(base + ControlDescriptor.VERSION_MINOR_OFFSET, ControlDescriptor.VERSION_MINOR);
        Memory.putInt(base + ControlDescriptor.HEADER_LENGTH_OFFSET, ControlDescriptor.HEADER_LENGTH);
        Memory.putLong(base + ControlDescriptor.FILE_LENGTH_OFFSET, ControlDescriptor.FILE_LENGTH);
        Memory.putInt(base + ControlDescriptor.PROCESS_COUNT_OFFSET, ControlDescriptor.PROCESS_COUNT);
        Memory.putInt(base + ControlDescriptor.PROCESS_SLOT_LENGTH_OFFSET, ProcessSlotDescriptor.LENGTH);
        Memory.putInt(base + ControlDescriptor.APPLICATION_COUNT_OFFSET, ControlDescriptor.APPLICATION_COUNT);
        Memory.putInt(base + ControlDescriptor.APPLICATION_LENGTH_OFFSET, ApplicationDescriptor.LENGTH);
        Memory.putInt(base + ControlDescriptor.HEADER_CRC_OFFSET, crc(base, ControlDescriptor.HEADER_LENGTH));
        Memory.putLong(base + ControlDescriptor.NEXT_TRANSACTION_ID_OFFSET, 1);
    }

    /**
     * Examines size, magic, version, header length and header CRC, in this order, then the fields.
     *
     * @throws ThaException if the version is a newer one
     * @throws CorruptRegionException if anything else is not as it must be
     */
    static void validate(MappedFile file) {
        long base = file.address();
        expect(file, "size in bytes", ControlDescriptor.FILE_LENGTH, file.sizeBytes());
        expect(file, "magic at 0", ControlDescriptor.MAGIC, Memory.getLong(base + ControlDescriptor.MAGIC_OFFSET));
        int minor = validateVersion(file);
        int headerLength = Memory.getInt(base + ControlDescriptor.HEADER_LENGTH_OFFSET);
        if (minor == ControlDescriptor.VERSION_MINOR) {
            expect(file, "header length", ControlDescriptor.HEADER_LENGTH, headerLength);
        } else if (headerLength < ControlDescriptor.HEADER_LENGTH || headerLength > ControlDescriptor.MAX_HEADER_LENGTH) {
            throw new CorruptRegionException("file '" + file.path() + "': header length " + headerLength + ", expected "
                    + ControlDescriptor.HEADER_LENGTH + ".." + ControlDescriptor.MAX_HEADER_LENGTH + REPAIR);
        }
        expect(file, "header crc", crc(base, headerLength), Memory.getInt(base + ControlDescriptor.HEADER_CRC_OFFSET));
        validateFields(file);
        for (int i = ControlDescriptor.HEADER_RESERVED_OFFSET;
                i < ControlDescriptor.HEADER_LENGTH && minor == ControlDescriptor.VERSION_MINOR; i++) {
            expect(file, "reserved byte at " + i, 0, Memory.getByte(base + i));
        }
    }

    private static int validateVersion(MappedFile file) {
        int major = Memory.getShort(file.address() + ControlDescriptor.VERSION_MAJOR_OFFSET);
        int minor = Memory.getShort(file.address() + ControlDescriptor.VERSION_MINOR_OFFSET);
        if (major != ControlDescriptor.VERSION_MAJOR || minor < ControlDescriptor.VERSION_MINOR) {
            throw new ThaException("file '" + file.path() + "' has format version " + major + "." + minor + ", this program reads "
                    + ControlDescriptor.VERSION_MAJOR + "." + ControlDescriptor.VERSION_MINOR
                    + " and later minor versions; run the program that wrote it, or use another domain directory");
        }
        return minor;
    }

    private static void validateFields(MappedFile file) {
        long base = file.address();
        expect(file, "file length", ControlDescriptor.FILE_LENGTH, Memory.getLong(base + ControlDescriptor.FILE_LENGTH_OFFSET));
        expect(file, "process count", ControlDescriptor.PROCESS_COUNT, Memory.getInt(base + ControlDescriptor.PROCESS_COUNT_OFFSET));
        expect(file, "process slot length", ProcessSlotDescriptor.LENGTH,
                Memory.getInt(base + ControlDescriptor.PROCESS_SLOT_LENGTH_OFFSET));
        expect(file, "application count", ControlDescriptor.APPLICATION_COUNT,
                Memory.getInt(base + ControlDescriptor.APPLICATION_COUNT_OFFSET));
        expect(file, "application record length", ApplicationDescriptor.LENGTH,
                Memory.getInt(base + ControlDescriptor.APPLICATION_LENGTH_OFFSET));
    }

    private static void expect(MappedFile file, String what, long expected, long found) {
        if (expected != found) {
            throw new CorruptRegionException("file '" + file.path() + "': " + what + " is " + found + " (0x" + Long.toHexString(found)
                    + "), expected " + expected + REPAIR);
        }
    }

    private static int crc(long base, int headerLength) {
        byte[] header = new byte[headerLength];
        Memory.copyTo(base, header, 0, headerLength);
        for (int i = 0; i < Integer.BYTES; i++) {
            header[ControlDescriptor.HEADER_CRC_OFFSET + i] = 0;
        }
        return CheckedText.crc(header);
    }
}
