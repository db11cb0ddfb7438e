internal import Foundation
internal import JWTKit
internal import NIOCore
internal import Web

/// What a provider says of who signed in, after everything about it was judged (OpenID Connect Core 1.0, section
/// 3.1.3.7; RFC 8725).
struct IDToken: Sendable {
    /// All claims. Only those that ``OpenIDPerson`` and ``ClaimedRights`` name leave this value.
    let claims: JSON
    let subject: String

    /// Why a token does not hold.
    enum Fault: String, Error, Hashable, CaseIterable {
        case form, header, algorithm, key, signature, issuer, audience, party, time, nonce, subject
    }

    /// What a token has to say.
    struct Expectation: Sendable {
        var issuer: String
        var clientID: String
        var nonce: String
        var algorithms: Set<String>
        /// Seconds since 1970.
        var now: Double
        /// How far the two clocks may be apart.
        var skew: Double = 60
        /// How old a token may be that was made for this sign-in.
        var oldest: Double = 600
    }

    /// Finds the key for an id and an algorithm.
    typealias KeyLookup = (_ id: String?, _ algorithm: String) async throws(OpenIDError) -> ProviderKeys.Key

    /// Judges a token.
    static func verify(
        _ token: String,
        _ expected: Expectation,
        key lookup: KeyLookup
    ) async throws(OpenIDError) -> IDToken {
        guard token.utf8.count <= 16 << 10 else { throw .token(.form) }
        let parts = token.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 3, let header = object(parts[0]), let claims = object(parts[1]),
            bytes(parts[2]) != nil
        else { throw .token(.form) }
        let (id, algorithm) = try read(header, expected)
        let key = try await lookup(id, algorithm)
        try await verifySignature(of: token, with: key, algorithm)
        let subject = try judge(claims, expected)
        return IDToken(claims: claims, subject: subject)
    }

    // MARK: Form

    /// Bytes in base64url as RFC 7515 section 2 has it: one way to write them, no padding.
    private static func bytes(_ text: String) -> [UInt8]? {
        guard let bytes = Base64URL.decode(text), Base64URL.encode(bytes) == text else { return nil }
        return bytes
    }

    private static func object(_ text: String) -> JSON? {
        guard let bytes = bytes(text), let value = JSON(ByteBuffer(bytes: bytes)),
            case .object = value
        else { return nil }
        return value
    }

    private static func read(_ header: JSON, _ expected: Expectation) throws(OpenIDError) -> (
        id: String?, algorithm: String
    ) {
        guard let algorithm = header["alg"]?.string, expected.algorithms.contains(algorithm) else {
            throw .token(.algorithm)
        }
        // Extensions that must be understood are not; a token of another kind (an access token, say) is no ID token.
        let type = header["typ"]
        guard header["crit"] == nil, header["b64"] == nil, header["zip"] == nil,
            type == nil || type?.string?.lowercased() == "jwt",
            header["kid"] == nil || header["kid"]?.string != nil
        else { throw .token(.header) }
        return (header["kid"]?.string, algorithm)
    }

    // MARK: Signature

    /// The claims are read by ourselves.
    private struct Unread: JWTPayload {
        func verify(using algorithm: some JWTAlgorithm) async throws {}
    }

    private static func verifySignature(
        of token: String,
        with key: ProviderKeys.Key,
        _ algorithm: String
    ) async throws(OpenIDError) {
        var jwk = key.jwk
        jwk.algorithm = JWK.Algorithm(rawValue: algorithm)
        jwk.keyIdentifier = JWKIdentifier(string: key.id ?? "only")
        do {
            _ = try await JWTKeyCollection().add(jwk: jwk).verify(token, as: Unread.self)
        } catch {
            throw .token(.signature)
        }
    }

    // MARK: Claims

    private static func judge(_ claims: JSON, _ expected: Expectation) throws(OpenIDError) -> String {
        guard claims["iss"]?.string == expected.issuer else { throw .token(.issuer) }
        try judgeAudience(claims, expected)
        try judgeTimes(claims, expected)
        guard let nonce = claims["nonce"]?.string, nonce == expected.nonce else { throw .token(.nonce) }
        guard let subject = claims["sub"]?.string, !subject.isEmpty, subject.utf8.count <= 255 else {
            throw .token(.subject)
        }
        return subject
    }

    private static func judgeAudience(_ claims: JSON, _ expected: Expectation) throws(OpenIDError) {
        let audience: [JSON]
        switch claims["aud"] {
        case .string(let one): audience = [.string(one)]
        case .array(let several): audience = several
        default: throw .token(.audience)
        }
        guard audience.contains(.string(expected.clientID)) else { throw .token(.audience) }
        if let party = claims["azp"] {
            guard party.string == expected.clientID else { throw .token(.party) }
        } else if audience.count > 1 {
            throw .token(.party)
        }
    }

    private static func judgeTimes(_ claims: JSON, _ expected: Expectation) throws(OpenIDError) {
        guard let ends = seconds(claims["exp"]), let made = seconds(claims["iat"]),
            ends > expected.now - expected.skew, made < expected.now + expected.skew,
            made > expected.now - expected.oldest - expected.skew
        else { throw .token(.time) }
        if let begins = claims["nbf"] {
            guard let begins = seconds(begins), begins < expected.now + expected.skew else {
                throw .token(.time)
            }
        }
    }

    private static func seconds(_ value: JSON?) -> Double? {
        switch value {
        case .integer(let number): Double(number)
        case .number(let number) where number.isFinite: number
        default: nil
        }
    }
}
