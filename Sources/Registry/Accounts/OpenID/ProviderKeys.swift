internal import JWTKit
internal import NIOCore
internal import Web

/// The keys with which a provider signs (RFC 7517): of a set, what can verify; the rest is passed over.
struct ProviderKeys: Sendable {
    /// A key that may verify signatures.
    struct Key: Sendable {
        var id: String?
        /// `RSA`, `EC` or `OKP`.
        var kind: String
        var curve: String?
        /// When the key is for one algorithm only.
        var algorithm: String?
        var jwk: JWK
    }

    let keys: [Key]

    /// Reads a key set; nil when it is none.
    init?(_ body: ByteBuffer) {
        guard let entries = JSON(body)?["keys"]?.array else { return nil }
        keys = entries.prefix(64).compactMap { entry in
            guard let kind = entry["kty"]?.string, entry["use"] == nil || entry["use"]?.string == "sig",
                entry["key_ops"]?.array?.contains("verify") ?? true,
                // An unknown algorithm or curve makes a key useless, not the set.
                let jwk = try? JWK(json: String(buffer: entry.bytes))
            else { return nil }
            return Key(
                id: entry["kid"]?.string,
                kind: kind,
                curve: entry["crv"]?.string,
                algorithm: entry["alg"]?.string,
                jwk: jwk
            )
        }
    }

    init(keys: [Key]) { self.keys = keys }

    /// What a token's header meets among the keys.
    enum Match {
        case key(Key)
        /// No key has the id: the set may have changed.
        case unknown
        /// A key has it, but not for this algorithm.
        case unfit
    }

    /// The one key for an id and an algorithm. Without an id the only one that fits.
    func find(_ id: String?, for algorithm: String) -> Match {
        guard let id else {
            let fitting = keys.filter { $0.fits(algorithm) }
            return fitting.count == 1 ? .key(fitting[0]) : .unknown
        }
        let named = keys.filter { $0.id == id }
        guard !named.isEmpty else { return .unknown }
        return named.first { $0.fits(algorithm) }.map { .key($0) } ?? .unfit
    }
}

extension ProviderKeys.Key {
    /// Whether the key is of the kind that an algorithm needs (RFC 7518 section 3.1, RFC 8037 section 3.1).
    func fits(_ name: String) -> Bool {
        guard algorithm == nil || algorithm == name else { return false }
        switch name {
        case "ES256": return kind == "EC" && curve == "P-256"
        case "ES384": return kind == "EC" && curve == "P-384"
        case "ES512": return kind == "EC" && curve == "P-521"
        case "EdDSA": return kind == "OKP" && curve == "Ed25519"
        default: return kind == "RSA" && (name.hasPrefix("RS") || name.hasPrefix("PS"))
        }
    }
}
