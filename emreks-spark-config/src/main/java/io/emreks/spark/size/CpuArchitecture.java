package io.emreks.spark.size;

/** The instruction set of a node; EMR's images are made for both. */
public enum CpuArchitecture {
    /** 64-bit x86 (Intel, AMD). */
    AMD64,
    /** 64-bit Arm (Graviton). */
    ARM64
}
