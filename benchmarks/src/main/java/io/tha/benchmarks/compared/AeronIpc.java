package io.tha.benchmarks.compared;

import io.aeron.Aeron;
import io.aeron.ExclusivePublication;
import io.aeron.Subscription;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import io.aeron.logbuffer.BufferClaim;
import io.aeron.logbuffer.FragmentHandler;
import io.aeron.logbuffer.Header;
import java.nio.file.Path;
import org.agrona.DirectBuffer;

/**
 * Messages written by hand over Aeron IPC: an exclusive publication, claimed and written in place. The driver is in the standby's process; messages
 * do not pass through it.
 */
final class AeronIpc {
    private static final String CHANNEL = "aeron:ipc?term-length=" + Contender.CHANNEL_BYTES;
    private static final int STREAM = 1001;
    /** Greatest that Aeron knows: a transaction of a thousand objects is one fragment. */
    private static final int MTU_BYTES = 65_504;

    private AeronIpc() {}

    private static String aeronDirectory(Path directory) {
        return directory.resolve("aeron").toString();
    }

    private static Aeron connect(Path directory) {
        return Aeron.connect(new Aeron.Context().aeronDirectoryName(aeronDirectory(directory)));
    }

    /** Publishes. */
    static final class AeronActive implements Active {
        private final Aeron aeron;
        private final ExclusivePublication publication;
        private final BufferClaim claim = new BufferClaim();
        private final FlatState state;
        private final Changes changes;

        AeronActive(Load load, Path directory) {
            aeron = connect(directory);
            publication = aeron.addExclusivePublication(CHANNEL, STREAM);
            state = new FlatState(load.objects());
            changes = new Changes(load);
        }

        @Override
        public void awaitStandby() {
            while (!publication.isConnected()) {
                Thread.onSpinWait();
            }
        }

        @Override
        public void transact(long value) {
            while (publication.tryClaim(changes.lengthBytes(), claim) < 0) {
                Thread.onSpinWait();
            }
            changes.apply(state, value, claim.buffer(), claim.offset());
            claim.commit();
        }

        @Override
        public void close() {
            aeron.close();
        }
    }

    /** Subscribes. */
    static final class AeronStandby implements Standby, FragmentHandler {
        private final MediaDriver driver;
        private final Aeron aeron;
        private final Subscription subscription;
        private final FlatState state;

        AeronStandby(Load load, Path directory, ThreadingMode mode) {
            driver = MediaDriver.launchEmbedded(new MediaDriver.Context()
                    .aeronDirectoryName(aeronDirectory(directory))
                    .threadingMode(mode)
                    .ipcMtuLength(MTU_BYTES)
                    .dirDeleteOnStart(true)
                    .dirDeleteOnShutdown(true));
            aeron = connect(directory);
            subscription = aeron.addSubscription(CHANNEL, STREAM);
            state = new FlatState(load.objects());
        }

        @Override
        public int poll(int most) {
            return subscription.poll(this, most);
        }

        @Override
        public void onFragment(DirectBuffer buffer, int offset, int length, Header header) {
            Changes.applyMessage(buffer, offset, length, state);
        }

        @Override
        public long value(int object) {
            return state.get(object);
        }

        @Override
        public void close() {
            aeron.close();
            driver.close();
        }
    }
}
