package io.emreks.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

@NullMarked
class EventQueueTemplateTest {
    private static Set<String> found(String regex, String text) {
        return Pattern.compile(regex, Pattern.MULTILINE)
                .matcher(text)
                .results()
                .map((MatchResult match) -> match.group(1))
                .collect(Collectors.toSet());
    }

    @Test
    void eachProcessGetsAQueueARuleAndAPolicyOfItsOwn() {
        String template = EventQueueTemplate.yaml("orders", 3, List.of());

        assertThat(found("^  (\\w+):$", template))
                .contains("DeadLetters", "QueueUrl1", "QueueUrl2", "QueueUrl3")
                .contains("Queue1", "Queue2", "Queue3", "Rule1", "Rule2", "Rule3", "Policy1", "Policy2", "Policy3");
        assertThat(found("QueueName: '(.+)'", template))
                .containsExactlyInAnyOrder("orders-dead-letters", "orders-1", "orders-2", "orders-3");
        assertThat(found("!(?:Ref|GetAtt) (\\w+)", template))
                .as("what is referred to is declared")
                .isSubsetOf(found("^  (\\w+):$", template));
        assertThat(template).doesNotContain("virtualClusterId").doesNotContain("%");
    }

    @Test
    void aTemplateIsInFullWhatItSays() {
        assertThat(EventQueueTemplate.yaml("orders", 1, List.of("abc123", "def456")))
                .isEqualTo("""
                AWSTemplateFormatVersion: '2010-09-09'
                Description: Job run events of Amazon EMR on EKS for emreks
                Resources:
                  DeadLetters:
                    Type: AWS::SQS::Queue
                    Properties:
                      QueueName: 'orders-dead-letters'
                      MessageRetentionPeriod: 1209600
                      SqsManagedSseEnabled: true
                  Queue1:
                    Type: AWS::SQS::Queue
                    Properties:
                      QueueName: 'orders-1'
                      MessageRetentionPeriod: 3600
                      VisibilityTimeout: 60
                      ReceiveMessageWaitTimeSeconds: 20
                      SqsManagedSseEnabled: true
                      RedrivePolicy:
                        deadLetterTargetArn: !GetAtt DeadLetters.Arn
                        maxReceiveCount: 5
                  Rule1:
                    Type: AWS::Events::Rule
                    Properties:
                      EventPattern:
                        source: [aws.emr-containers]
                        detail-type: ['EMR Job Run State Change', 'EmrContainers Job Run State Change', 'EMR Job Run New Driver Attempt']
                        detail: {virtualClusterId: ['abc123', 'def456']}
                      Targets:
                        - Id: queue
                          Arn: !GetAtt Queue1.Arn
                  Policy1:
                    Type: AWS::SQS::QueuePolicy
                    Properties:
                      Queues: [!Ref Queue1]
                      PolicyDocument:
                        Version: '2012-10-17'
                        Statement:
                          - Effect: Allow
                            Principal: {Service: events.amazonaws.com}
                            Action: sqs:SendMessage
                            Resource: !GetAtt Queue1.Arn
                            Condition: {ArnEquals: {'aws:SourceArn': !GetAtt Rule1.Arn}}
                Outputs:
                  QueueUrl1:
                    Value: !Ref Queue1
                """);
    }

    @Test
    void everyWrongArgumentIsNamedAtOnce() {
        assertThatThrownBy(() -> EventQueueTemplate.yaml("a'b", 0, List.of("ok1", "x: y", "B")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("name is 'a'b'", "queues is 0", "'x: y'", "'B'")
                .hasMessageNotContaining("ok1");
    }
}
