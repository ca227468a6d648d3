package io.tha.pool;

/**
 * One record of the registry.
 *
 * @param kind what it registers or removes
 * @param id of the layout, group or prefix
 * @param text description or name; empty for a removal
 */
public record RegistryRecord(RegistryKind kind, int id, String text) {}
