package io.tha.pool;

import java.util.BitSet;

/**
 * Which data pages are free: next-fit over a bitmap, so that a full pool is not searched from its beginning each time.
 *
 * <p>Threads: any.
 */
final class PageRuns {
    private final BitSet used = new BitSet();
    private final int pageCount;
    private int next;
    private int freePages;
    private int end;

    PageRuns(int firstDataPage, int pageCount) {
        this.pageCount = pageCount;
        used.set(0, Math.min(firstDataPage, pageCount));
        next = firstDataPage;
        end = firstDataPage;
        freePages = Math.max(0, pageCount - firstDataPage);
    }

    /** The first page of a run that is now taken, or -1 if there is none of this length. */
    synchronized int take(int pages) {
        int found = search(next, pageCount, pages);
        if (found < 0) {
            found = search(0, Math.min(pageCount, next + pages), pages);
        }
        if (found >= 0) {
            used.set(found, found + pages);
            next = found + pages;
            end = Math.max(end, next);
            freePages -= pages;
        }
        return found;
    }

    private int search(int from, int to, int pages) {
        int start = used.nextClearBit(from);
        while (start <= to - pages) {
            int end = used.nextSetBit(start);
            if (end < 0 || end - start >= pages) {
                return start;
            }
            start = used.nextClearBit(end);
        }
        return -1;
    }

    /** Takes a particular run; false, and nothing changed, if a page of it is taken. */
    synchronized boolean takeAt(int firstPage, int pages) {
        int taken = used.nextSetBit(firstPage);
        if (taken >= 0 && taken < firstPage + pages) {
            return false;
        }
        used.set(firstPage, firstPage + pages);
        end = Math.max(end, firstPage + pages);
        freePages -= pages;
        return true;
    }

    /** From now on looks for free pages from this one on first. */
    synchronized void searchFrom(int page) {
        next = Math.max(0, Math.min(page, pageCount));
    }

    synchronized void give(int firstPage, int pages) {
        used.clear(firstPage, firstPage + pages);
        freePages += pages;
    }

    /** Behind the last page that was ever taken. */
    synchronized int end() {
        return end;
    }

    synchronized int freePages() {
        return freePages;
    }
}
