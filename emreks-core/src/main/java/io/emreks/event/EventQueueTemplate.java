package io.emreks.event;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Makes the AWS CloudFormation template of what brings job run events to watching processes: an SQS queue for each, an
 * EventBridge rule that feeds it, the policy that lets the rule do so, and one dead-letter queue for messages that nobody
 * could read. The template's outputs are the URLs for {@link io.emreks.client.EventSettings}.
 */
public final class EventQueueTemplate {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,60}");
    private static final Pattern VIRTUAL_CLUSTER = Pattern.compile("[0-9a-z]+");
    private static final int QUEUES = 100;

    private EventQueueTemplate() {}

    /**
     * A template in YAML.
     *
     * @param name of the queues, followed by a number: 1 to 60 letters, digits, hyphens and underscores
     * @param queues how many processes watch, 1 to 100: each needs a queue of its own
     * @param virtualClusterIds of whose runs; of all in the account and region when there are none
     * @throws IllegalArgumentException naming every argument that is out of its limits
     */
    public static String yaml(String name, int queues, List<String> virtualClusterIds) {
        check(name, queues, virtualClusterIds);
        StringBuilder template = new StringBuilder("""
                AWSTemplateFormatVersion: '2010-09-09'
                Description: Job run events of Amazon EMR on EKS for emreks
                Resources:
                  DeadLetters:
                    Type: AWS::SQS::Queue
                    Properties:
                      QueueName: '%1$s-dead-letters'
                      MessageRetentionPeriod: 1209600
                      SqsManagedSseEnabled: true
                """.formatted(name));
        for (int i = 1; i <= queues; i++) {
            template.append(queue(name, i, pattern(virtualClusterIds)));
        }
        template.append("Outputs:\n");
        for (int i = 1; i <= queues; i++) {
            template.append("  QueueUrl%1$d:\n    Value: !Ref Queue%1$d\n".formatted(i));
        }
        return template.toString();
    }

    private static void check(String name, int queues, List<String> virtualClusterIds) {
        List<String> wrong = new ArrayList<>();
        if (!NAME.matcher(name).matches()) {
            wrong.add("name is '" + name + "', must be 1 to 60 letters, digits, hyphens and underscores");
        }
        if (queues < 1 || queues > QUEUES) {
            wrong.add("queues is " + queues + ", must be 1 to " + QUEUES);
        }
        virtualClusterIds.stream()
                .filter(id -> !VIRTUAL_CLUSTER.matcher(id).matches())
                .forEach(id -> wrong.add("virtualClusterIds has '" + id + "', must be lower-case letters and digits"));
        if (!wrong.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", wrong));
        }
    }

    /** An old event is of no use: runs have been looked at since. */
    private static String queue(String name, int number, String pattern) {
        return """
                  Queue%2$d:
                    Type: AWS::SQS::Queue
                    Properties:
                      QueueName: '%1$s-%2$d'
                      MessageRetentionPeriod: 3600
                      VisibilityTimeout: 60
                      ReceiveMessageWaitTimeSeconds: 20
                      SqsManagedSseEnabled: true
                      RedrivePolicy:
                        deadLetterTargetArn: !GetAtt DeadLetters.Arn
                        maxReceiveCount: 5
                  Rule%2$d:
                    Type: AWS::Events::Rule
                    Properties:
                      EventPattern:
                %3$s
                      Targets:
                        - Id: queue
                          Arn: !GetAtt Queue%2$d.Arn
                  Policy%2$d:
                    Type: AWS::SQS::QueuePolicy
                    Properties:
                      Queues: [!Ref Queue%2$d]
                      PolicyDocument:
                        Version: '2012-10-17'
                        Statement:
                          - Effect: Allow
                            Principal: {Service: events.amazonaws.com}
                            Action: sqs:SendMessage
                            Resource: !GetAtt Queue%2$d.Arn
                            Condition: {ArnEquals: {'aws:SourceArn': !GetAtt Rule%2$d.Arn}}
                """.formatted(name, number, pattern.indent(8).stripTrailing());
    }

    private static String pattern(List<String> virtualClusterIds) {
        String pattern = """
                source: [aws.emr-containers]
                detail-type: ['EMR Job Run State Change', 'EmrContainers Job Run State Change', 'EMR Job Run New Driver Attempt']
                """;
        return virtualClusterIds.isEmpty()
                ? pattern
                : pattern + "detail: {virtualClusterId: ["
                        + virtualClusterIds.stream().map(id -> "'" + id + "'").collect(Collectors.joining(", "))
                        + "]}\n";
    }
}
