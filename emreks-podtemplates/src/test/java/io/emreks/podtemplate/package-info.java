@NullMarked
package io.emreks.podtemplate;

import org.jspecify.annotations.NullMarked;
