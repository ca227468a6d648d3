package io.tha.examples.flights;

import io.tha.layout.Layout;
import io.tha.pool.ThaPool;
import java.util.SortedMap;
import java.util.TreeMap;

/** Every object and field of the service's pool as text: one line per object, by name. */
public final class PoolText {
    private PoolText() {}

    /** From names to contents. */
    public static SortedMap<String, String> of(ThaPool pool) {
        SortedMap<String, String> lines = new TreeMap<>();
        pool.forEach(handle -> lines.put(pool.nameOf(handle), describe(pool, handle)));
        return lines;
    }

    private static String describe(ThaPool pool, long handle) {
        Layout layout = pool.layoutOf(handle);
        if (layout.equals(FlightsService.AIRPORT)) {
            return airport(pool, handle);
        }
        return layout.equals(FlightsService.ROUTE) ? route(pool, handle) : totals(pool, handle);
    }

    private static String airport(ThaPool pool, long airport) {
        StringBuilder text = new StringBuilder("code=").append(FlightsService.CODE.get(pool, airport));
        text.append(" departures=").append(FlightsService.DEPARTURES.get(pool, airport));
        text.append(" arrivals=").append(FlightsService.ARRIVALS.get(pool, airport));
        text.append(" delayMinutes=").append(FlightsService.AIRPORT_DELAY.get(pool, airport));
        text.append(" routes=").append(FlightsService.ROUTES.get(pool, airport)).append(" delays=");
        for (int bucket = 0; bucket < Flight.BUCKET_COUNT; bucket++) {
            text.append(bucket == 0 ? "" : ",").append(FlightsService.DELAYS.get(pool, airport, bucket));
        }
        return text.toString();
    }

    private static String route(ThaPool pool, long route) {
        return "origin=" + FlightsService.CODE.get(pool, FlightsService.ORIGIN.get(pool, route))
                + " destination=" + FlightsService.CODE.get(pool, FlightsService.DESTINATION.get(pool, route))
                + " flights=" + FlightsService.ROUTE_FLIGHTS.get(pool, route)
                + " delayMinutes=" + FlightsService.ROUTE_DELAY.get(pool, route)
                + " distanceMiles=" + FlightsService.ROUTE_DISTANCE.get(pool, route);
    }

    private static String totals(ThaPool pool, long totals) {
        return "position=" + FlightsService.POSITION.get(pool, totals)
                + " flights=" + FlightsService.FLIGHTS.get(pool, totals)
                + " delayMinutes=" + FlightsService.DELAY.get(pool, totals)
                + " distanceMiles=" + FlightsService.DISTANCE.get(pool, totals)
                + " cancelled=" + FlightsService.CANCELLED.get(pool, totals)
                + " lastDate=" + FlightsService.LAST_DATE.get(pool, totals);
    }
}
