package io.emreks.testing.contract;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;

/** The contract, run over every way to reach the fake. */
class ConstraintContractTest {
    @Nested
    class InMemoryRaw extends ConstraintContract {
        @Override
        protected ContractTarget target() {
            return Targets.IN_MEMORY_RAW.open();
        }
    }

    @Nested
    class InMemorySync extends ConstraintContract {
        @Override
        protected ContractTarget target() {
            return Targets.IN_MEMORY_SYNC.open();
        }
    }

    @Nested
    class InMemoryAsync extends ConstraintContract {
        @Override
        protected ContractTarget target() {
            return Targets.IN_MEMORY_ASYNC.open();
        }
    }

    @Nested
    class WireRaw extends ConstraintContract {
        @Override
        protected ContractTarget target() {
            return Targets.WIRE_RAW.open();
        }
    }

    @Nested
    @Tag("deep")
    class WireUrlConnection extends ConstraintContract {
        @Override
        protected ContractTarget target() {
            return Targets.WIRE_URL_CONNECTION.open();
        }
    }

    @Nested
    class WireNetty extends ConstraintContract {
        @Override
        protected ContractTarget target() {
            return Targets.WIRE_NETTY.open();
        }
    }

    @Nested
    @Tag("deep")
    class WireCrt extends ConstraintContract {
        @Override
        protected ContractTarget target() {
            return Targets.WIRE_CRT.open();
        }
    }
}
