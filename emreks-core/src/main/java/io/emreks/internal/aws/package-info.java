/** The only room that knows AWS types: clients, requests, answers and errors. */
@NullMarked
package io.emreks.internal.aws;

import org.jspecify.annotations.NullMarked;
