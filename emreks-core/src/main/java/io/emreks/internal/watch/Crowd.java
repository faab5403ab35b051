package io.emreks.internal.watch;

/** What lists have taught about themselves: how long pages are, and how many runs are in them that nobody watches. */
final class Crowd {
    private static final int PAGE_AT_FIRST = 50;
    private static final double NEWEST = 0.2;
    private static final double NEWEST_FIRST_LOOK = 0.05;
    private static final double ROOM = 0.92;

    private int pageSize = PAGE_AT_FIRST;
    private double livePerRun = 1;
    private double endsPerRun;
    private double overAtFirstLook;

    /** A page that another one follows is full. */
    void fullPage(int runs) {
        pageSize = Math.max(1, runs);
    }

    /** A list was read to its end. */
    void listed(int watched, int live, int ended) {
        if (watched > 0) {
            livePerRun += NEWEST * (Math.max(1.0, (double) live / watched) - livePerRun);
            endsPerRun += NEWEST * ((double) ended / watched - endsPerRun);
        }
    }

    /** A run was seen for the first time. */
    void firstSeen(boolean over) {
        overAtFirstLook += NEWEST_FIRST_LOOK * ((over ? 1 : 0) - overAtFirstLook);
    }

    /** A list was given up because it was too long. */
    void partlyListed(int found, int live) {
        livePerRun += NEWEST * (Math.max(1.0, (double) live / Math.max(1, found)) - livePerRun);
    }

    /** Looks one by one teach nothing about others, who may have gone meanwhile. */
    void forget() {
        livePerRun = 1 + (livePerRun - 1) * (1 - NEWEST / 10);
    }

    /** How many runs a full page shows. */
    int pageSize() {
        return pageSize;
    }

    /** How many runs to ask a page for: the bounds of a list take in some on either side. */
    double room() {
        return Math.max(1, pageSize * ROOM);
    }

    int pages(double runs) {
        return Math.max(1, (int) Math.ceil(runs / pageSize));
    }

    /** Live runs in a list for each that is watched, which is one of them. */
    double livePerRun() {
        return livePerRun;
    }

    /** How likely a watched run has ended since it was last looked at. */
    double endsPerRun() {
        return endsPerRun;
    }

    /** How likely a run that nobody has looked at yet has ended. */
    double overAtFirstLook() {
        return overAtFirstLook;
    }
}
