package io.emreks.testing.contract;

import org.junit.jupiter.api.Nested;

/** The contract, run over every way to reach the fake. */
class ErrorContractTest {
    @Nested
    class InMemoryRaw extends ErrorContract {
        @Override
        protected ContractTarget target() {
            return Targets.IN_MEMORY_RAW.open();
        }
    }

    @Nested
    class InMemorySync extends ErrorContract {
        @Override
        protected ContractTarget target() {
            return Targets.IN_MEMORY_SYNC.open();
        }
    }

    @Nested
    class InMemoryAsync extends ErrorContract {
        @Override
        protected ContractTarget target() {
            return Targets.IN_MEMORY_ASYNC.open();
        }
    }

    @Nested
    class WireRaw extends ErrorContract {
        @Override
        protected ContractTarget target() {
            return Targets.WIRE_RAW.open();
        }
    }

    @Nested
    class WireUrlConnection extends ErrorContract {
        @Override
        protected ContractTarget target() {
            return Targets.WIRE_URL_CONNECTION.open();
        }
    }

    @Nested
    class WireNetty extends ErrorContract {
        @Override
        protected ContractTarget target() {
            return Targets.WIRE_NETTY.open();
        }
    }

    @Nested
    class WireCrt extends ErrorContract {
        @Override
        protected ContractTarget target() {
            return Targets.WIRE_CRT.open();
        }
    }
}
