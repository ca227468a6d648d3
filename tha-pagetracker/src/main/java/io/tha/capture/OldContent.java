package io.tha.capture;

import io.tha.memory.LineMarks;
import io.tha.pool.CommittedImage;

/** What the diff compares with: the content of the pool when the groups' last transactions were decided. */
abstract class OldContent {
    private static final long ALL_LINES = -1;

    /** From the whole image. */
    static OldContent of(CommittedImage image) {
        return new Image(image);
    }

    /** From the lines that were kept when they were marked. */
    static OldContent of(LineMarks marks) {
        return new Lines(marks);
    }

    /** There is none. */
    static OldContent none() {
        return new None();
    }

    /** The old content of a byte of this page is at its offset in the pool from here. */
    abstract long base(int page);

    /** Of the lines of a page that were reported, those of which the old content is not known. */
    abstract long unknownLines(int page);

    /** Whether everything is there, and not only the lines that were reported. */
    abstract boolean isWhole();

    private static final class Image extends OldContent {
        private final long address;

        Image(CommittedImage image) {
            address = image.address(0);
        }

        @Override
        long base(int page) {
            return address;
        }

        @Override
        long unknownLines(int page) {
            return 0;
        }

        @Override
        boolean isWhole() {
            return true;
        }
    }

    private static final class Lines extends OldContent {
        private final LineMarks marks;

        Lines(LineMarks marks) {
            this.marks = marks;
        }

        @Override
        long base(int page) {
            return marks.oldContent(page) - ((long) page << LineMarks.PAGE_SHIFT);
        }

        @Override
        long unknownLines(int page) {
            return marks.touchedLines(page);
        }

        @Override
        boolean isWhole() {
            return false;
        }
    }

    private static final class None extends OldContent {
        @Override
        long base(int page) {
            throw new IllegalStateException("there is nothing to compare page " + page + " with");
        }

        @Override
        long unknownLines(int page) {
            return ALL_LINES;
        }

        @Override
        boolean isWhole() {
            return false;
        }
    }
}
