internal import Crypto
internal import CryptoExtras
internal import Foundation
internal import Web

/// The little that is taken from a provider's claims: a fingerprint of the subject, an address that the provider has
/// verified, a name. Everything else is forgotten with the request.
struct OpenIDPerson: Sendable, Equatable {
    /// 32 bytes, of issuer and subject.
    let subjectHash: [UInt8]
    /// Nil unless the provider says that it is theirs, and may vouch for it.
    let email: String?
    let name: String?

    /// - Parameter subject: as the token has it; it is kept as a hash only.
    init(subject: String, claims: JSON, provider: OpenIDProvider) throws {
        subjectHash = try Self.hash(subject, of: provider.issuer)
        email = Self.email(claims, provider)
        name = Self.name(claims)
    }

    /// A fingerprint of who somebody is at a provider.
    ///
    /// There are few enough personal identity numbers to try them all, so that one is put through a slow function (scrypt,
    /// RFC 7914: 32 MiB and about a tenth of a second each).
    static func hash(_ subject: String, of issuer: String) throws -> [UInt8] {
        let text = Array("\(issuer)\n\(subject)".utf8)
        guard PersonalNumber.isContained(in: subject) else { return Array(SHA256.hash(data: text)) }
        let key = try KDF.Scrypt.deriveKey(
            from: Array(subject.utf8),
            salt: Array("klappa\n\(issuer)".utf8),
            outputByteCount: 32,
            rounds: 1 << 15,
            blockSize: 8,
            parallelism: 1
        )
        return key.withUnsafeBytes { Array($0) }
    }

    private static func email(_ claims: JSON, _ provider: OpenIDProvider) -> String? {
        let verified = claims["email_verified"]
        guard verified == .bool(true) || verified?.string == "true", let email = claims["email"]?.string,
            email.utf8.count <= 254, email.wholeMatch(of: /[^@\s]+@[^@\s]+/) != nil,
            !PersonalNumber.isContained(in: email), provider.vouches(for: email)
        else { return nil }
        return email
    }

    private static func name(_ claims: JSON) -> String? {
        guard let name = claims["name"]?.string?.trimmingCharacters(in: .whitespacesAndNewlines),
            !name.isEmpty,
            !name.unicodeScalars.contains(where: { CharacterSet.controlCharacters.contains($0) }),
            !PersonalNumber.isContained(in: name)
        else { return nil }
        return String(name.prefix(200))
    }
}
