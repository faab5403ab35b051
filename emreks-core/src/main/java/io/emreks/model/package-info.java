/** What a job run is asked to be and what is known of it: values only, no behaviour, no I/O. */
@NullMarked
@HouseStyle
package io.emreks.model;

import org.jspecify.annotations.NullMarked;
