package io.tha.interleaving;

/**
 * One access to shared memory.
 *
 * @param actor that made it
 * @param address of the first byte
 * @param lengthBytes that it covers
 * @param isWrite whether it changed the memory; a compare-and-set that failed did not
 * @param before what a word had before; 0 for ranges
 * @param after what it had then
 */
public record Step(int actor, long address, long lengthBytes, boolean isWrite, long before, long after) {
    /** Whether the order of the two makes a difference. */
    boolean conflictsWith(Step other) {
        return (isWrite || other.isWrite) && address < other.address + other.lengthBytes && other.address < address + lengthBytes;
    }

    /** In words, with the names of a scenario. */
    String text(Scenario scenario) {
        String values = scenario.textOf(address, before) + (isWrite ? " becomes " + scenario.textOf(address, after) : "");
        return "actor " + actor + (isWrite ? " writes " : " reads ") + scenario.nameOf(address) + ": " + values;
    }
}
