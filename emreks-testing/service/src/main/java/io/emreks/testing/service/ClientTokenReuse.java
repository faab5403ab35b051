package io.emreks.testing.service;

/** What happens to a client token that comes again with other parameters; what EMR does is not documented. */
public enum ClientTokenReuse {
    /** The resource that the token made first is returned, and nothing else is made. */
    RETURN_FIRST,
    /** The request is refused with a ValidationException. */
    REFUSE
}
