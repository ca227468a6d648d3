package io.tha.interleaving;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/**
 * Loads the classes of a package anew, so that they reach memory by {@link SteppedMemory}: the same bytecode, in whose constants two class names are
 * others.
 */
final class SteppedLoader extends ClassLoader {
    private static final int MAGIC_AND_VERSION_LENGTH = 8;
    private static final int UTF8 = 1;
    private static final int LONG = 5;
    private static final int DOUBLE = 6;

    private final String prefix;

    /** Of a package; all others are those of this class's own loader. */
    SteppedLoader(String packageName) {
        super(SteppedLoader.class.getClassLoader());
        prefix = packageName + ".";
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        synchronized (getClassLoadingLock(name)) {
            if (!name.startsWith(prefix)) {
                return super.loadClass(name, resolve);
            }
            Class<?> loaded = findLoadedClass(name);
            return loaded != null ? loaded : define(name);
        }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
        try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
            if (in == null) {
                throw new ClassNotFoundException(name);
            }
            byte[] stepped = rename(in.readAllBytes());
            return defineClass(name, stepped, 0, stepped.length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] rename(byte[] original) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(original));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(original.length);
        DataOutputStream out = new DataOutputStream(bytes);
        out.write(in.readNBytes(MAGIC_AND_VERSION_LENGTH));
        int count = in.readUnsignedShort();
        out.writeShort(count);
        for (int i = 1; i < count; i++) {
            int tag = in.readUnsignedByte();
            out.writeByte(tag);
            if (tag == UTF8) {
                out.writeUTF(rename(in.readUTF()));
            } else {
                out.write(in.readNBytes(lengthOf(tag)));
            }
            // These take two places.
            i += tag == LONG || tag == DOUBLE ? 1 : 0;
        }
        out.write(in.readAllBytes());
        return bytes.toByteArray();
    }

    private static String rename(String constant) {
        String memory = constant.equals("io/tha/memory/Memory") ? "io/tha/interleaving/SteppedMemory" : constant;
        return memory.replace("io/tha/memory/Checksum", "io/tha/interleaving/SteppedChecksum");
    }

    private static int lengthOf(int tag) {
        return switch (tag) {
            case LONG, DOUBLE -> 8;
            // Class, String, MethodType, Module, Package.
            case 7, 8, 16, 19, 20 -> 2;
            // MethodHandle.
            case 15 -> 3;
            default -> 4;
        };
    }
}
