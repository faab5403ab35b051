package io.emreks.spark;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What keeps two writers of one Hudi table from committing at once. Source: Apache Hudi documentation, "Concurrency
 * Control".
 */
public sealed interface HudiLock {
    /** The options of Hudi that say the same. */
    Map<String, String> options();

    /**
     * A table of DynamoDB, which Hudi makes if it is not there. The job needs {@code hudi-aws-bundle}, as for
     * {@link HudiTable.GlueSync}.
     *
     * @param table the DynamoDB table
     * @param partitionKey the key of the lock in it, usually the Hudi table's name
     * @param region the region of the DynamoDB table
     */
    record DynamoDb(String table, String partitionKey, String region) implements HudiLock {
        @Override
        public Map<String, String> options() {
            Map<String, String> options = new LinkedHashMap<>();
            options.put(PROVIDER, "org.apache.hudi.aws.transaction.lock.DynamoDBBasedLockProvider");
            options.put("hoodie.write.lock.dynamodb.table", table);
            options.put("hoodie.write.lock.dynamodb.partition_key", partitionKey);
            options.put("hoodie.write.lock.dynamodb.region", region);
            return options;
        }
    }

    /**
     * A ZooKeeper.
     *
     * @param url the hosts, such as {@code zk-1,zk-2}
     * @param port the port, usually 2181
     * @param basePath the node under which locks are kept, such as {@code /hudi}
     * @param key the key of the lock, usually the Hudi table's name
     */
    record ZooKeeper(String url, int port, String basePath, String key) implements HudiLock {
        @Override
        public Map<String, String> options() {
            Map<String, String> options = new LinkedHashMap<>();
            options.put(PROVIDER, "org.apache.hudi.client.transaction.lock.ZookeeperBasedLockProvider");
            options.put("hoodie.write.lock.zookeeper.url", url);
            options.put("hoodie.write.lock.zookeeper.port", Integer.toString(port));
            options.put("hoodie.write.lock.zookeeper.base_path", basePath);
            options.put("hoodie.write.lock.zookeeper.lock_key", key);
            return options;
        }
    }

    /** The option that names the provider. */
    String PROVIDER = "hoodie.write.lock.provider";

    /** A table of DynamoDB. */
    static HudiLock dynamoDb(String table, String partitionKey, String region) {
        return new DynamoDb(table, partitionKey, region);
    }

    /** A ZooKeeper. */
    static HudiLock zooKeeper(String url, int port, String basePath, String key) {
        return new ZooKeeper(url, port, basePath, key);
    }
}
