@NullMarked
package io.emreks.spark.size;

import org.jspecify.annotations.NullMarked;
