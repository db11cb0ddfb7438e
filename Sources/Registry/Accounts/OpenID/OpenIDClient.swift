internal import Crypto
internal import Foundation
internal import NIOCore
internal import Web

/// Asks one provider: what it is, which keys it has, and what a code stands for.
///
/// What it is and its keys are kept for an hour. A token with a key that is not known yet makes the keys be fetched anew, so
/// that a provider may change them at any time; at most five times a minute, or tokens made up by strangers would
/// have the provider asked without end. Whoever asks while an answer is on its way waits for the same one.
actor OpenIDClient {
    nonisolated let provider: OpenIDProvider
    private let send: @Sendable (OutgoingRequest) async throws(OpenIDError) -> OutgoingAnswer
    private nonisolated let now: @Sendable () -> Double

    private var metadata: (value: OpenIDMetadata, at: Double)?
    private var keys: (value: ProviderKeys, at: Double)?
    private var fetches: [Double] = []
    private var metadataOnItsWay: Task<OpenIDMetadata, any Error>?
    private var keysOnTheirWay: Task<ProviderKeys, any Error>?

    /// How long what was read is good for.
    private static let lifetime: Double = 3600
    /// How often keys are fetched within a minute.
    static let mostFetches = 5

    init(
        _ provider: OpenIDProvider,
        now: @escaping @Sendable () -> Double = { Date().timeIntervalSince1970 },
        send: @escaping @Sendable (OutgoingRequest) async throws(OpenIDError) -> OutgoingAnswer
    ) {
        self.provider = provider
        self.now = now
        self.send = send
    }

    // MARK: What the provider is

    /// What the provider says of itself.
    func description() async throws(OpenIDError) -> OpenIDMetadata {
        if let metadata, now() - metadata.at < Self.lifetime { return metadata.value }
        let task =
            metadataOnItsWay
            ?? Task { [send, provider] in
                let answer = try await send(OutgoingRequest(OpenIDMetadata.address(of: provider.issuer)))
                guard answer.status == 200 else {
                    throw OpenIDError.unreachable("discovery: \(answer.status)")
                }
                return try OpenIDMetadata(answer.body, issuer: provider.issuer)
            }
        metadataOnItsWay = task
        defer { metadataOnItsWay = nil }
        let value = try await Self.value(of: task)
        metadata = (value, now())
        return value
    }

    /// The key for a token, fetched anew when it is unknown.
    func key(_ id: String?, for algorithm: String) async throws(OpenIDError) -> ProviderKeys.Key {
        if let keys, now() - keys.at < Self.lifetime {
            switch keys.value.find(id, for: algorithm) {
            case .key(let key): return key
            case .unfit: throw .token(.key)
            case .unknown: break
            }
        }
        guard case .key(let key) = try await fetchKeys().find(id, for: algorithm) else { throw .token(.key) }
        return key
    }

    private func fetchKeys() async throws(OpenIDError) -> ProviderKeys {
        if let keysOnTheirWay { return try await Self.value(of: keysOnTheirWay) }
        fetches.removeAll { now() - $0 >= 60 }
        guard fetches.count < Self.mostFetches else { throw .token(.key) }
        fetches.append(now())
        let address = try await description().keys
        let task = Task { [send] in
            let answer = try await send(OutgoingRequest(address))
            guard answer.status == 200 else { throw OpenIDError.unreachable("keys: \(answer.status)") }
            guard let keys = ProviderKeys(answer.body) else {
                throw OpenIDError.malformed("keys are no JSON")
            }
            return keys
        }
        keysOnTheirWay = task
        defer { keysOnTheirWay = nil }
        let value = try await Self.value(of: task)
        keys = (value, now())
        return value
    }

    private static func value<Value: Sendable>(of task: Task<Value, any Error>) async throws(OpenIDError)
        -> Value
    {
        do {
            return try await task.value
        } catch let error as OpenIDError {
            throw error
        } catch {
            throw .unreachable("\(type(of: error))")
        }
    }

    // MARK: There and back

    /// Where a browser is sent to sign in.
    func authorization(_ attempt: OpenIDAttempt, returnsTo address: String) async throws(OpenIDError)
        -> String
    {
        let metadata = try await description()
        var query = PageQuery()
        query.add("response_type", "code")
        query.add("client_id", provider.clientID)
        query.add("redirect_uri", address)
        query.add("scope", provider.scopes.joined(separator: " "))
        query.add("state", attempt.state.text)
        query.add("nonce", attempt.nonce)
        query.add("code_challenge", attempt.challenge)
        query.add("code_challenge_method", "S256")
        let endpoint = metadata.authorizationEndpoint
        return endpoint + (endpoint.contains("?") ? "&" : "?") + query.encoded
    }

    /// What somebody is, for a code: exchanges it, judges the token, and asks for what the token leaves out.
    func person(
        code: String,
        _ attempt: OpenIDAttempt,
        returnsTo address: String
    ) async throws(OpenIDError) -> (OpenIDPerson, roles: [ClaimedRole]?) {
        let metadata = try await description()
        let (text, access) = try await exchange(code, attempt, address, metadata)
        let expected = IDToken.Expectation(
            issuer: provider.issuer,
            clientID: provider.clientID,
            nonce: attempt.nonce,
            algorithms: metadata.algorithms,
            now: now()
        )
        let token = try await IDToken.verify(text, expected) { id, algorithm throws(OpenIDError) in
            try await self.key(id, for: algorithm)
        }
        let claims = try await completed(token, access, metadata)
        do {
            let person = try OpenIDPerson(subject: token.subject, claims: claims, provider: provider)
            return (person, ClaimedRights.read(claims, provider))
        } catch {
            throw .malformed("\(type(of: error))")
        }
    }

    private func exchange(
        _ code: String,
        _ attempt: OpenIDAttempt,
        _ address: String,
        _ metadata: OpenIDMetadata
    ) async throws(OpenIDError) -> (token: String, access: String?) {
        var form = PageQuery()
        form.add("grant_type", "authorization_code")
        form.add("code", code)
        form.add("redirect_uri", address)
        form.add("code_verifier", attempt.verifier)
        var authorization: String?
        if let secret = provider.clientSecret, !metadata.sendsSecretInForm {
            authorization = Self.basic(provider.clientID, secret)
        } else {
            form.add("client_id", provider.clientID)
            form.add("client_secret", provider.clientSecret)
        }
        let request = OutgoingRequest(
            metadata.tokenEndpoint,
            authorization: authorization,
            form: form.encoded
        )
        let answer = try await send(request)
        let body = JSON(answer.body)
        guard answer.status == 200 else {
            if answer.status >= 500 { throw .unreachable("token: \(answer.status)") }
            throw .refused(Self.code(body?["error"]?.string))
        }
        guard let token = body?["id_token"]?.string else { throw .malformed("no ID token came") }
        return (token, body?["access_token"]?.string)
    }

    /// The claims of the token; where the address or the roles are missing, with those of the userinfo endpoint, which must
    /// speak of the same person (OpenID Connect Core 1.0, section 5.3.4).
    private func completed(_ token: IDToken, _ access: String?, _ metadata: OpenIDMetadata)
        async throws(OpenIDError)
        -> JSON
    {
        let isWhole =
            token.claims["email"]?.string != nil && ClaimedRights.isNamed(in: token.claims, provider)
        guard !isWhole, let access, let endpoint = metadata.userinfoEndpoint else { return token.claims }
        let answer = try await send(OutgoingRequest(endpoint, authorization: "Bearer \(access)"))
        guard answer.status == 200, let more = JSON(answer.body), case .object(let members) = more else {
            throw .malformed("userinfo: \(answer.status)")
        }
        guard more["sub"]?.string == token.subject else { throw .token(.subject) }
        guard case .object(var claims) = token.claims else { return token.claims }
        for pair in members.pairs where (claims[pair.name] ?? .null) == .null {
            claims[pair.name] = pair.value
        }
        return .object(claims)
    }

    /// Name and secret as RFC 6749 section 2.3.1 writes them: form-encoded first.
    private static func basic(_ name: String, _ secret: String) -> String {
        func encoded(_ text: String) -> String {
            var query = PageQuery()
            query.add("x", text)
            return String(query.encoded.dropFirst(2)).replacing(":", with: "%3A")
        }
        return "Basic " + Data("\(encoded(name)):\(encoded(secret))".utf8).base64EncodedString()
    }

    /// A code of RFC 6749 for the log; anything else is none.
    static func code(_ text: String?) -> String {
        guard let text, text.utf8.count <= 40,
            text.utf8.allSatisfy({ (97...122).contains($0) || $0 == UInt8(ascii: "_") })
        else { return "unknown" }
        return text
    }
}

/// The secrets of one sign-in: all follow from the state, which goes to the provider and back, and a secret that only the
/// browser has, so that the database keeps nothing but hashes of the two.
struct OpenIDAttempt: Sendable {
    let state: Secret
    let browser: Secret

    /// What the token must repeat.
    var nonce: String { derived("nonce") }
    /// What proves to the provider that the code is ours (RFC 7636).
    var verifier: String { derived("verifier") }
    /// Its SHA-256, which is sent ahead.
    var challenge: String { Base64URL.encode(SHA256.hash(data: Array(verifier.utf8))) }

    private func derived(_ use: String) -> String {
        let key = SymmetricKey(data: browser.bytes)
        let code = HMAC<SHA256>.authenticationCode(for: Array("\(use)\n\(state.text)".utf8), using: key)
        return Base64URL.encode(code)
    }
}
