@NullMarked
package io.emreks.spark.check;

import org.jspecify.annotations.NullMarked;
