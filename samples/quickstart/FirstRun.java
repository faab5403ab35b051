import io.emreks.client.EmrEksClient;
import io.emreks.client.JobRunHandle;
import io.emreks.event.JobRunEvent.StateChanged;
import io.emreks.testing.EmrEksTestBed;
import java.time.Duration;

public class FirstRun {
    public static void main(String[] args) throws InterruptedException {
        try (EmrEksClient emr = EmrEksTestBed.create().client()) {
            JobRunHandle run = emr.submit(job -> job
                    .name("orders/2026-11-22")
                    .releaseLabel("emr-7.5.0-latest")
                    .jar("s3://bucket/jobs/orders.jar", "com.acme.Orders", "--date", "2026-11-22"));
            run.addListener(event -> {
                if (event instanceof StateChanged change) {
                    System.out.println(change.at() + " " + change.state());
                }
            });
            System.out.println(run.await(Duration.ofHours(1)).state() + " " + run.ref().orElseThrow());
        }
    }
}
