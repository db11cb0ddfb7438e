internal import NIOCore
internal import Web

/// What a provider says of itself (OpenID Connect Discovery 1.0, section 4), as far as it is used.
struct OpenIDMetadata: Sendable, Equatable {
    var authorizationEndpoint: String
    var tokenEndpoint: String
    var keys: String
    var userinfoEndpoint: String?
    /// Signatures that are taken: what the provider offers and we understand.
    var algorithms: Set<String>
    /// Whether the secret goes into the form instead of the `Authorization` field.
    var sendsSecretInForm: Bool
    /// Whether the provider names itself in its answer (RFC 9207).
    var namesIssuer: Bool

    /// Signatures that are understood: asymmetric ones only, so that nobody signs with what everybody knows.
    static let understood: Set<String> = [
        "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA",
    ]

    /// Where an issuer says what it is.
    static func address(of issuer: String) -> String { issuer + "/.well-known/openid-configuration" }

    /// Reads the document.
    ///
    /// - Throws: ``OpenIDError/malformed(_:)`` when it is another issuer's, or names addresses that may not be asked.
    init(_ body: ByteBuffer, issuer: String) throws(OpenIDError) {
        guard let document = JSON(body) else { throw .malformed("discovery is no JSON") }
        guard document["issuer"]?.string == issuer else { throw .malformed("discovery names another issuer") }
        func address(_ name: String) throws(OpenIDError) -> String {
            guard let address = document[name]?.string, OutgoingRequest.isAllowed(address) else {
                throw .malformed("discovery has no usable \(name)")
            }
            return address
        }
        func words(_ name: String) -> [String]? { document[name]?.array?.compactMap(\.string) }
        authorizationEndpoint = try address("authorization_endpoint")
        tokenEndpoint = try address("token_endpoint")
        keys = try address("jwks_uri")
        userinfoEndpoint = document["userinfo_endpoint"] == nil ? nil : try address("userinfo_endpoint")
        algorithms = Self.understood.intersection(words("id_token_signing_alg_values_supported") ?? ["RS256"])
        guard !algorithms.isEmpty else { throw .malformed("no signature of the provider is understood") }
        if let methods = words("code_challenge_methods_supported"), !methods.contains("S256") {
            throw .malformed("the provider does not know PKCE with S256")
        }
        let ways = words("token_endpoint_auth_methods_supported") ?? ["client_secret_basic"]
        sendsSecretInForm = !ways.contains("client_secret_basic") && ways.contains("client_secret_post")
        namesIssuer = document["authorization_response_iss_parameter_supported"] == .bool(true)
    }
}
