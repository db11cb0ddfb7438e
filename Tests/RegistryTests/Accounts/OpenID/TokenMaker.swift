import Crypto
import CryptoExtras
import Foundation
import NIOCore

@testable import Registry
@testable import Web

/// Makes ID tokens, good and bad ones, and the keys that a provider shows.
struct TokenMaker: Sendable {
    static let issuer = "https://login.example"
    static let client = "klappa"
    static let nonce = "the nonce of this sign-in"
    /// 24 November 2026, 12:00 UTC.
    static let now: Double = 1_795_521_600

    /// Made once: each RSA key takes a moment.
    static let shared = TokenMaker()

    let rsa: _RSA.Signing.PrivateKey
    let foreignRSA: _RSA.Signing.PrivateKey
    let ec = P256.Signing.PrivateKey()
    let foreignEC = P256.Signing.PrivateKey()

    private init() {
        do {
            rsa = try _RSA.Signing.PrivateKey(keySize: .bits2048)
            foreignRSA = try _RSA.Signing.PrivateKey(keySize: .bits2048)
        } catch {
            fatalError("no key: \(error)")
        }
    }

    /// Claims of a good token.
    var claims: [String: JSON] {
        [
            "iss": .string(Self.issuer), "sub": "u-4711", "aud": .string(Self.client),
            "exp": .integer(Int64(Self.now) + 300), "iat": .integer(Int64(Self.now)),
            "nonce": .string(Self.nonce), "email": "maja@skane.example", "email_verified": true,
            "name": "Maja Lind",
        ]
    }

    /// A header of a good token.
    var header: [String: JSON] { ["alg": "RS256", "kid": "rsa-1", "typ": "JWT"] }

    static func encode(_ members: [String: JSON]) -> String {
        let object = JSON.object(.init(members.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }))
        return Base64URL.encode(object.bytes.readableBytesView)
    }

    enum Signer { case rsa, foreignRSA, ec, foreignEC, secret([UInt8]), nobody }

    /// A token whose parts are given as they stand.
    func sign(_ first: String, _ second: String, by signer: Signer) throws -> String {
        let text = Array("\(first).\(second)".utf8)
        let signature: [UInt8] =
            switch signer {
            case .rsa:
                Array(
                    try rsa.signature(for: SHA256.hash(data: text), padding: .insecurePKCS1v1_5)
                        .rawRepresentation
                )
            case .foreignRSA:
                Array(
                    try foreignRSA.signature(for: SHA256.hash(data: text), padding: .insecurePKCS1v1_5)
                        .rawRepresentation
                )
            case .ec: Array(try ec.signature(for: text).rawRepresentation)
            case .foreignEC: Array(try foreignEC.signature(for: text).rawRepresentation)
            case .secret(let key):
                Array(HMAC<SHA256>.authenticationCode(for: text, using: SymmetricKey(data: key)))
            case .nobody: []
            }
        return "\(first).\(second).\(Base64URL.encode(signature))"
    }

    /// A token with its header and claims changed; nil takes a member away.
    func token(
        header changes: [String: JSON?] = [:],
        claims others: [String: JSON?] = [:],
        by signer: Signer = .rsa
    ) throws -> String {
        var header = header
        for (name, value) in changes { header[name] = value }
        var claims = claims
        for (name, value) in others { claims[name] = value }
        return try sign(Self.encode(header), Self.encode(claims), by: signer)
    }

    // MARK: Keys

    static func jwk(_ key: _RSA.Signing.PublicKey, id: String?, _ more: [String: JSON] = [:]) throws -> JSON {
        let parts = try key.getKeyPrimitives()
        var members: [(String, JSON)] = [
            ("kty", "RSA"), ("n", .string(Base64URL.encode(parts.modulus))),
            ("e", .string(Base64URL.encode(parts.publicExponent))),
        ]
        if let id { members.append(("kid", .string(id))) }
        members += more.map { ($0.key, $0.value) }
        return .object(.init(members))
    }

    static func jwk(_ key: P256.Signing.PublicKey, id: String) -> JSON {
        let raw = Array(key.rawRepresentation)
        return [
            "kty": "EC", "crv": "P-256", "kid": .string(id), "x": .string(Base64URL.encode(raw.prefix(32))),
            "y": .string(Base64URL.encode(raw.suffix(32))),
        ]
    }

    /// The set of a provider with a key for signatures of each kind, one for encryption and one that nobody understands.
    func keySet() throws -> JSON {
        [
            "keys": [
                try Self.jwk(rsa.publicKey, id: "rsa-1", ["use": "sig", "alg": "RS256"]),
                Self.jwk(ec.publicKey, id: "ec-1"),
                try Self.jwk(foreignRSA.publicKey, id: "for-encryption", ["use": "enc"]),
                ["kty": "oct", "kid": "shared", "k": "c2VjcmV0"],
                ["kty": "EC", "crv": "secp256k1", "kid": "odd", "x": "AA", "y": "AA"],
            ]
        ]
    }

    var expectation: IDToken.Expectation {
        .init(
            issuer: Self.issuer,
            clientID: Self.client,
            nonce: Self.nonce,
            algorithms: ["RS256", "RS384", "PS256", "ES256"],
            now: Self.now
        )
    }
}
