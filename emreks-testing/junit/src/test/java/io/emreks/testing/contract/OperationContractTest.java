package io.emreks.testing.contract;

import org.junit.jupiter.api.Nested;

/** The contract, run over every way to reach the fake. */
class OperationContractTest {
    @Nested
    class InMemoryRaw extends OperationContract {
        @Override
        protected ContractTarget target() {
            return Targets.IN_MEMORY_RAW.open();
        }
    }

    @Nested
    class InMemorySync extends OperationContract {
        @Override
        protected ContractTarget target() {
            return Targets.IN_MEMORY_SYNC.open();
        }
    }

    @Nested
    class InMemoryAsync extends OperationContract {
        @Override
        protected ContractTarget target() {
            return Targets.IN_MEMORY_ASYNC.open();
        }
    }

    @Nested
    class WireRaw extends OperationContract {
        @Override
        protected ContractTarget target() {
            return Targets.WIRE_RAW.open();
        }
    }

    @Nested
    class WireUrlConnection extends OperationContract {
        @Override
        protected ContractTarget target() {
            return Targets.WIRE_URL_CONNECTION.open();
        }
    }

    @Nested
    class WireNetty extends OperationContract {
        @Override
        protected ContractTarget target() {
            return Targets.WIRE_NETTY.open();
        }
    }

    @Nested
    class WireCrt extends OperationContract {
        @Override
        protected ContractTarget target() {
            return Targets.WIRE_CRT.open();
        }
    }
}
