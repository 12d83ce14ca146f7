// Package access says who asks and what they may do: log-in by password,
// passkey or an outside identity provider, sessions, and the viewer built from
// a person's record and the grants valid today. It follows NIST SP 800-63B for
// passwords, RFC 9106 for their hashing, WebAuthn level 3 for passkeys and
// OpenID Connect Core 1.0 with PKCE (RFC 7636) for single sign-on.
//
// People, grants and absences are records like all else (systems/organisation)
// and change through the engine only. What proves who somebody is – password
// hashes, public keys, sessions – is no business fact and has tables of its own.
package access
