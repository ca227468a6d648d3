package io.tha.benchmarks.compared;

import com.hazelcast.config.Config;
import com.hazelcast.config.JoinConfig;
import com.hazelcast.config.MapConfig;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Two members of a Hazelcast cluster on the loopback interface, and a map with one synchronous backup: who has put something knows that the other one
 * has it.
 */
final class Hazelcasts {
    private static final String MAP = "objects";
    private static final String PORT_FILE = "port";
    private static final int FIELD_OFFSET = 40;
    private static final int LOADED_AT_ONCE = 10_000;
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private Hazelcasts() {}

    private static HazelcastInstance member(int port, int firstPort) {
        Config config = new Config();
        config.setClusterName("compared-" + firstPort);
        config.setProperty("hazelcast.logging.type", "none");
        config.setProperty("hazelcast.phone.home.enabled", "false");
        config.setProperty("hazelcast.shutdownhook.enabled", "false");
        config.getNetworkConfig().setPort(port).setPortAutoIncrement(true);
        config.getNetworkConfig().getInterfaces().setEnabled(true).addInterface("127.0.0.1");
        JoinConfig join = config.getNetworkConfig().getJoin();
        join.getAutoDetectionConfig().setEnabled(false);
        join.getMulticastConfig().setEnabled(false);
        join.getTcpIpConfig().setEnabled(true).addMember("127.0.0.1:" + firstPort);
        config.addMapConfig(new MapConfig(MAP).setBackupCount(1));
        return Hazelcast.newHazelcastInstance(config);
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Puts objects. */
    static final class HazelcastActive implements Active {
        private final HazelcastInstance member;
        private final IMap<Integer, byte[]> map;
        private final Changes changes;
        private final Load load;

        HazelcastActive(Load load, Path directory) {
            this.load = load;
            changes = new Changes(load);
            int port = freePort();
            member = member(port, port);
            map = member.getMap(MAP);
            try {
                Files.writeString(directory.resolve(PORT_FILE), Integer.toString(port));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void awaitStandby() {
            while (member.getCluster().getMembers().size() < 2 || !member.getPartitionService().isClusterSafe()) {
                LockSupport.parkNanos(PAUSE_NANOS);
            }
            Map<Integer, byte[]> some = new HashMap<>();
            for (int i = 0; i < load.objects(); i++) {
                some.put(i, object(0));
                if (some.size() == LOADED_AT_ONCE || i == load.objects() - 1) {
                    map.setAll(some);
                    some.clear();
                }
            }
        }

        private static byte[] object(long value) {
            return ByteBuffer.allocate(Load.OBJECT_BYTES).order(ByteOrder.nativeOrder()).putLong(FIELD_OFFSET, value).array();
        }

        @Override
        public void transact(long value) {
            Map<Integer, byte[]> changed = new HashMap<>();
            for (int i = 0; i < load.changes(); i++) {
                changed.put(changes.nextObject(), object(value));
            }
            map.setAll(changed);
        }

        @Override
        public void close() {
            member.getLifecycleService().terminate();
        }
    }

    /** Has the backups; nothing is to be done for that. */
    static final class HazelcastStandby implements Standby {
        private final HazelcastInstance member;
        private final IMap<Integer, byte[]> map;

        HazelcastStandby(Path directory) {
            try {
                int first = Integer.parseInt(Files.readString(directory.resolve(PORT_FILE)));
                member = member(first + 1, first);
                map = member.getMap(MAP);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public int poll(int most) {
            throw new UnsupportedOperationException("who puts something knows when it is here");
        }

        @Override
        public long value(int object) {
            return ByteBuffer.wrap(map.get(object)).order(ByteOrder.nativeOrder()).getLong(FIELD_OFFSET);
        }

        @Override
        public void close() {
            member.getLifecycleService().terminate();
        }
    }
}
