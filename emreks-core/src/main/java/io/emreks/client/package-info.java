/** What a user imports first: the client, its builder, the handle of a run. */
@NullMarked
@HouseStyle
package io.emreks.client;

import org.jspecify.annotations.NullMarked;
