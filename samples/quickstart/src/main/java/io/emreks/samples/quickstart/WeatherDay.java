package io.emreks.samples.quickstart;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** One day's weather in one place; the same whether it was read from a data file or from the table. */
record WeatherDay(
        String location,
        String date,
        double precipitation,
        double tempMax,
        double tempMin,
        double wind,
        String weather) {

    static WeatherDay ofCsv(String line) {
        List<String> fields = List.of(line.split(",", -1));
        return new WeatherDay(
                fields.get(0),
                fields.get(1),
                Double.parseDouble(fields.get(2)),
                Double.parseDouble(fields.get(3)),
                Double.parseDouble(fields.get(4)),
                Double.parseDouble(fields.get(5)),
                fields.get(6));
    }

    static WeatherDay ofJson(JsonNode day) {
        return new WeatherDay(
                day.path("location").asText(),
                day.path("date").asText(),
                day.path("precipitation").asDouble(),
                day.path("temp_max").asDouble(),
                day.path("temp_min").asDouble(),
                day.path("wind").asDouble(),
                day.path("weather").asText());
    }

    /** The record key, as the weather jobs take it. */
    String key() {
        return location + "/" + date;
    }
}
