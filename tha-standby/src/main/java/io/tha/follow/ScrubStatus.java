package io.tha.follow;

/**
 * What scrubbing has done to a standby's copy, since the standby was opened.
 *
 * @param objects that were compared, each once a round
 * @param suspects whose hash differed from the active's
 * @param repaired how many of the suspects were damaged and have been repaired; {@code ThaStandby.scrubFindings} tells in which fields
 * @param unrepaired suspects whose content has not come yet: a takeover at this moment would go on with what the copy has
 * @param rebuilt how often the copy was built anew, since what was damaged could not be repaired in its place
 */
public record ScrubStatus(long objects, long suspects, long repaired, int unrepaired, long rebuilt) {}
