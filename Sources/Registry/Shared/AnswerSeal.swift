internal import Crypto
internal import Foundation
internal import HTTPTypes
internal import NIOCore
internal import Web

/// Closes an answer for the table `idempotency`, so that only a repeat of its request opens it.
///
/// An answer can hold what opens more than itself, as the private link of an inquiry does. The database gets the SHA-256
/// of the key and the answer under AES-GCM, whose own key is derived from the request's key: whoever reads the table, or
/// a backup of it, has neither. A key that can be guessed protects as little as a guessable password; the forms of the
/// pages and most programs send random UUIDs.
struct AnswerSeal: Sendable {
    /// What the database knows the key by: 64 hexadecimal digits.
    let name: String
    private let secret: SymmetricKey

    /// - Parameters:
    ///   - key: as the request has it.
    ///   - fingerprint: SHA-256 of what is asked for.
    init(key: String, operation: String, fingerprint: [UInt8]) {
        let bytes = Data(key.utf8)
        name = SHA256.hash(data: bytes).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        secret = HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: bytes),
            salt: Data(fingerprint),
            info: Data("klappa idempotency \(operation)".utf8),
            outputByteCount: 32
        )
    }

    private struct Kept: Codable {
        var status: Int
        var type: String?
        var version: Int64
        var language: String?
        var fields: [String: String]
        var body: Data
    }

    /// - Returns: nonce, ciphertext and tag.
    func close(_ answer: Answer) throws -> [UInt8] {
        var fields: [String: String] = [:]
        for field in answer.headers where field.name != .setCookie {
            fields[field.name.rawName] = field.value
        }
        let kept = Kept(
            status: answer.status.code,
            type: answer.contentType,
            version: answer.version,
            language: answer.language?.rawValue,
            fields: fields,
            body: Data(answer.body.readableBytesView)
        )
        let box = try AES.GCM.seal(try JSONEncoder().encode(kept), using: secret)
        return Array(box.nonce) + Array(box.ciphertext) + Array(box.tag)
    }

    /// - Throws: `CryptoKitError` when it was closed by another key or changed since.
    func open(_ sealed: [UInt8]) throws -> Answer {
        let plain = try AES.GCM.open(try AES.GCM.SealedBox(combined: Data(sealed)), using: secret)
        let kept = try JSONDecoder().decode(Kept.self, from: plain)
        var answer = Answer(
            status: .init(code: kept.status),
            body: ByteBuffer(bytes: kept.body),
            contentType: kept.type,
            version: kept.version,
            caching: .none,
            language: kept.language.flatMap { Language(rawValue: $0) }
        )
        for (name, value) in kept.fields {
            if let name = HTTPField.Name(name) { answer.headers[name] = value }
        }
        return answer
    }
}
