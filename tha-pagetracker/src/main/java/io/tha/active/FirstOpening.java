package io.tha.active;

import io.tha.ThaException;
import io.tha.region.ControlFile;
import io.tha.region.DomainFiles;
import io.tha.region.TakeoverState;
import io.tha.region.TakeoverWalk;
import io.tha.region.TakeoverWord;
import java.nio.file.Path;

/** Opens an application of which the domain has no state yet; {@link ThaApplication#open}. */
final class FirstOpening {
    private FirstOpening() {}

    static ThaApplication open(Path domainDirectory, String name, ThaConfig config) {
        config.usableTracker(); // before anything is changed that a refusal would leave behind
        ControlFile control = ControlFile.open(domainDirectory);
        int application = control.application(name, config.version());
        long found = control.takeoverWordAcquire(application);
        if (TakeoverWord.servedEpoch(found) != 0) {
            throw new ThaException("application '" + name + "' in '" + domainDirectory + "' has state already, takeover word "
                    + TakeoverWord.describe(found) + "; open a ThaStandby, which follows it or takes over, or remove the directory to begin anew");
        }
        boolean free = TakeoverWord.state(found) == TakeoverState.NONE || TakeoverWord.state(found) == TakeoverState.RELEASED;
        if (!free && !control.watch(TakeoverWord.slot(found)).isDead()) {
            throw new ThaException("application '" + name + "' in '" + domainDirectory + "' is being opened by another process, takeover word "
                    + TakeoverWord.describe(found) + "; open a ThaStandby");
        }
        DomainFiles files = new DomainFiles(control, name);
        if (TakeoverWord.epoch(found) == 0) {
            files.refuseStateOfOthers();
        }
        TakeoverWalk walk = TakeoverWalk.claim(control, application, found);
        if (walk == null) {
            throw lost(name, domainDirectory);
        }
        return open(files, config, walk);
    }

    /** Either it serves, or nothing is left of it. */
    private static ThaApplication open(DomainFiles files, ThaConfig config, TakeoverWalk walk) {
        FirstFiles made = new FirstFiles(files, config);
        ThaApplication application = null;
        try {
            ActiveParts parts = made.make();
            application = ThaApplication.prepare(parts, parts.pool().base());
            serve(application, parts, files, walk);
            return application;
        } catch (RuntimeException | Error e) {
            if (application != null) {
                application.closeParts();
            }
            made.remove();
            walk.giveUp();
            throw e;
        }
    }

    private static void serve(ThaApplication application, ActiveParts parts, DomainFiles files, TakeoverWalk walk) {
        application.hold(walk.epoch());
        parts.log().imageId(parts.copiedId());
        application.start();
        boolean serves = walk.sealNothing()
                && walk.cut(0)
                && walk.open(parts.log(), files.log(walk.epoch()), parts.copiedFile().getFileName().toString())
                && walk.serve();
        if (!serves) {
            throw lost(parts.name(), files.control().domainDirectory());
        }
        files.clean(walk.epoch());
    }

    private static ThaException lost(String name, Path domainDirectory) {
        return new ThaException(
                "application '" + name + "' in '" + domainDirectory + "' was opened by another process at the same time; open a ThaStandby");
    }
}
