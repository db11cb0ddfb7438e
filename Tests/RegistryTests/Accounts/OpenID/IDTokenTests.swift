import Crypto
import CryptoExtras
import Foundation
import NIOCore
import Testing

@testable import Registry
@testable import Web

@Suite struct IDTokenTests {
    private static let maker = TokenMaker.shared

    /// The ways in which a token can be bad, each with what must be said of it.
    enum BadToken: String, CaseIterable {
        case empty, twoParts, fiveParts, padded, notBase64, headerIsNoObject, claimsAreNoObject,
            claimNamedTwice, tooLong
        case algNone, algMissing, hmacWithThePublicKey, hmacWithTheClientSecret, algNotOffered
        case critical, accessToken, ownKeyInHeader
        case unknownKey, keyOfAnotherKind, keyForAnotherAlgorithm, keyForEncryption, noKeyNamedThatFits
        case signedByAnother, alteredClaims, alteredHeader, alteredSignature, noSignature
        case wrongIssuer, wrongAudience, severalAudiencesWithoutParty, anotherParty
        case expired, wrongNonce

        var fault: IDToken.Fault {
            switch self {
            case .empty, .twoParts, .fiveParts, .padded, .notBase64, .headerIsNoObject, .claimsAreNoObject,
                .claimNamedTwice,
                .tooLong:
                .form
            case .algNone, .algMissing, .hmacWithThePublicKey, .hmacWithTheClientSecret, .algNotOffered:
                .algorithm
            case .critical, .accessToken: .header
            case .ownKeyInHeader, .signedByAnother, .alteredClaims, .alteredHeader, .alteredSignature,
                .noSignature:
                .signature
            case .unknownKey, .keyOfAnotherKind, .keyForAnotherAlgorithm, .keyForEncryption,
                .noKeyNamedThatFits:
                .key
            case .wrongIssuer: .issuer
            case .wrongAudience: .audience
            case .severalAudiencesWithoutParty, .anotherParty: .party
            case .expired: .time
            case .wrongNonce: .nonce
            }
        }

        func make() throws -> String {
            let maker = IDTokenTests.maker
            let good = try maker.token()
            let parts = good.split(separator: ".").map(String.init)
            switch self {
            case .empty: return ""
            case .twoParts: return parts[0] + "." + parts[1]
            case .fiveParts: return good + ".AAAA.AAAA"
            case .padded: return good + "=="
            case .notBase64: return "?" + good
            case .headerIsNoObject: return try maker.sign(Base64URL.encode("[]".utf8), parts[1], by: .rsa)
            case .claimsAreNoObject:
                return try maker.sign(parts[0], Base64URL.encode("\"maja\"".utf8), by: .rsa)
            case .claimNamedTwice:
                let twice = #"{"iss":"https://login.example","sub":"a","sub":"b"}"#
                return try maker.sign(parts[0], Base64URL.encode(twice.utf8), by: .rsa)
            case .tooLong:
                return try maker.token(claims: ["x": .string(String(repeating: "x", count: 20_000))])
            case .algNone: return try maker.token(header: ["alg": "none"], by: .nobody)
            case .algMissing: return try maker.token(header: ["alg": .none])
            case .hmacWithThePublicKey:
                return try maker.token(
                    header: ["alg": "HS256"],
                    by: .secret(Array(maker.rsa.publicKey.pemRepresentation.utf8))
                )
            case .hmacWithTheClientSecret:
                return try maker.token(
                    header: ["alg": "HS256", "kid": "shared"],
                    by: .secret(Array("secret".utf8))
                )
            case .algNotOffered: return try maker.token(header: ["alg": "RS512"])
            case .critical: return try maker.token(header: ["crit": ["exp"]])
            case .accessToken: return try maker.token(header: ["typ": "at+jwt"])
            case .ownKeyInHeader:
                let own = try TokenMaker.jwk(maker.foreignRSA.publicKey, id: "rsa-1")
                return try maker.token(header: ["jwk": own], by: .foreignRSA)
            case .unknownKey:
                return try maker.token(header: ["kid": "rsa-2", "jku": "https://evil.example/keys"])
            case .keyOfAnotherKind: return try maker.token(header: ["kid": "ec-1"])
            case .keyForAnotherAlgorithm: return try maker.token(header: ["alg": "PS256"])
            case .keyForEncryption: return try maker.token(header: ["kid": "for-encryption"], by: .foreignRSA)
            case .noKeyNamedThatFits:
                return try maker.token(header: ["kid": .none, "alg": "PS256"])
            case .signedByAnother: return try maker.token(by: .foreignRSA)
            case .alteredClaims:
                var claims = maker.claims
                claims["email"] = "admin@klappa.example"
                return "\(parts[0]).\(TokenMaker.encode(claims)).\(parts[2])"
            case .alteredHeader:
                var header = maker.header
                header["cty"] = "JWT"
                return "\(TokenMaker.encode(header)).\(parts[1]).\(parts[2])"
            case .alteredSignature:
                var bytes = try #require(Base64URL.decode(parts[2]))
                bytes[100] ^= 1
                return "\(parts[0]).\(parts[1]).\(Base64URL.encode(bytes))"
            case .noSignature: return "\(parts[0]).\(parts[1])."
            case .wrongIssuer: return try maker.token(claims: ["iss": "https://login.example/"])
            case .wrongAudience: return try maker.token(claims: ["aud": ["another", "klappa2"]])
            case .severalAudiencesWithoutParty:
                return try maker.token(claims: ["aud": ["klappa", "another"]])
            case .anotherParty: return try maker.token(claims: ["azp": "another"])
            case .expired: return try maker.token(claims: ["exp": .integer(Int64(TokenMaker.now) - 61)])
            case .wrongNonce: return try maker.token(claims: ["nonce": "of another sign-in"])
            }
        }
    }

    private func judge(_ token: String) async throws -> Result<IDToken, OpenIDError> {
        let keys = try #require(ProviderKeys(try Self.maker.keySet().bytes))
        do {
            return .success(
                try await IDToken.verify(token, Self.maker.expectation) { id, algorithm throws(OpenIDError) in
                    guard case .key(let key) = keys.find(id, for: algorithm) else { throw .token(.key) }
                    return key
                }
            )
        } catch {
            return .failure(error)
        }
    }

    private func fault(_ token: String) async throws -> IDToken.Fault? {
        guard case .failure(.token(let fault)) = try await judge(token) else { return nil }
        return fault
    }

    @Test func `there are 33 kinds of bad tokens`() { #expect(BadToken.allCases.count == 33) }

    @Test(arguments: BadToken.allCases)
    func `a bad token is refused, for the reason that it is bad`(kind: BadToken) async throws {
        #expect(try await fault(try kind.make()) == kind.fault)
    }

    @Test func `good tokens are taken, by either kind of key`() async throws {
        let maker = Self.maker
        let tokens = [
            try maker.token(),
            try maker.token(header: ["alg": "ES256", "kid": "ec-1"], by: .ec),
            try maker.token(header: ["typ": .none]),
            // The only key for ES256 need not be named.
            try maker.token(header: ["alg": "ES256", "kid": .none], by: .ec),
            try maker.token(claims: ["aud": ["klappa", "another"], "azp": "klappa"]),
        ]
        for token in tokens {
            let subject = try await judge(token).get().subject
            #expect(subject == "u-4711")
        }
    }

    @Test(
        arguments: [
            (["exp": -59], true), (["exp": -60], false), (["iat": 59], true), (["iat": 60], false),
            (["iat": -659], true),
            (["iat": -660], false), (["nbf": 59], true), (["nbf": 60], false),
        ] as [([String: Int64], Bool)]
    )
    func `clocks may be a minute apart, no more`(times: [String: Int64], isGood: Bool) async throws {
        let claims = times.mapValues { JSON?.some(.integer(Int64(TokenMaker.now) + $0)) }
        let fault = try await fault(try Self.maker.token(claims: claims))
        #expect(fault == (isGood ? nil : .time))
    }

    @Test(arguments: ["exp", "iat", "iss", "aud", "nonce", "sub"])
    func `what a token must say may not be missing or of another kind`(name: String) async throws {
        let missing = try await fault(try Self.maker.token(claims: [name: .none]))
        #expect(missing != nil)
        let odd = try await fault(try Self.maker.token(claims: [name: ["x": 1]]))
        #expect(odd == missing)
        let empty = try await fault(try Self.maker.token(claims: [name: ""]))
        #expect(empty == missing)
    }

    @Test func `keys of other uses and kinds are no keys`() async throws {
        let keys = try #require(ProviderKeys(try Self.maker.keySet().bytes))
        #expect(keys.keys.map(\.id) == ["rsa-1", "ec-1"])
        #expect(ProviderKeys(ByteBuffer(string: "[]")) == nil)
    }
}
