package com.acme.orders;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.emreks.client.EmrEksClient;
import io.emreks.client.JobRunHandle;
import io.emreks.event.JobRunEvent.StateChanged;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** A service as there are many: Spring Boot, Micrometer, Jackson and a Kubernetes client, and it starts Spark jobs. */
@SpringBootApplication
public class OrdersService {
    private final EmrEksClient emr;
    private final MeterRegistry meters;
    private final ObjectMapper json;

    public OrdersService(EmrEksClient emr, MeterRegistry meters, ObjectMapper json) {
        this.emr = emr;
        this.meters = meters;
        this.json = json;
    }

    public JobRunHandle migrate(String date) {
        JobRunHandle run = emr.submit(job -> job.name("orders/" + date)
                .releaseLabel("emr-7.5.0-latest")
                .jar("s3://bucket/jobs/orders.jar", "com.acme.Orders", "--date", date)
                .executors(e -> e.instances(2)
                        .pod(pod -> nodes().getSpec().getNodeSelector().forEach(pod::nodeSelector))));
        run.addListener(event -> {
            if (event instanceof StateChanged change) {
                meters.counter("orders.runs", "state", change.state().name()).increment();
            }
        });
        return run;
    }

    public String report(JobRunHandle run) throws JsonProcessingException {
        return json.writeValueAsString(Map.of("name", run.name(), "state", run.latest().orElseThrow().state()));
    }

    /** The service's own library of Kubernetes has its say. */
    static Pod nodes() {
        return new PodBuilder()
                .withNewSpec()
                .addToNodeSelector("pool", "spark")
                .endSpec()
                .build();
    }
}
