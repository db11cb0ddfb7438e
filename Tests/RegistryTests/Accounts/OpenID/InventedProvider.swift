import Crypto
import Foundation
import NIOCore
import Synchronization

@testable import Registry
@testable import Web

/// A provider without a network: answers what a client asks, as it is told to, and notes what it was asked.
final class InventedProvider: Sendable {
    struct State: Sendable {
        var keys: JSON
        /// Claims of the next token, above those of ``TokenMaker``; nil takes one away.
        var claims: [String: JSON?] = [:]
        var header: [String: JSON?] = [:]
        var asked: [OutgoingRequest] = []
        var discovery: JSON
        var isDown = false
        /// What the token endpoint says instead of a token.
        var refusal: (status: Int, body: JSON)?
        var userinfo: JSON = [:]
        var nonce = ""
        var challenge = ""
        var now = TokenMaker.now
    }

    let state: Mutex<State>
    let provider: OpenIDProvider

    init(_ provider: OpenIDProvider? = nil) throws {
        let issuer = TokenMaker.issuer
        self.provider =
            provider
            ?? OpenIDProvider(key: "skane", name: "Region Skåne", issuer: issuer, clientID: TokenMaker.client)
        state = Mutex(
            State(
                keys: try TokenMaker.shared.keySet(),
                discovery: [
                    "issuer": .string(issuer), "authorization_endpoint": .string(issuer + "/authorize"),
                    "token_endpoint": .string(issuer + "/token"), "jwks_uri": .string(issuer + "/keys"),
                    "userinfo_endpoint": .string(issuer + "/userinfo"),
                    "id_token_signing_alg_values_supported": ["RS256", "ES256", "HS256", "none"],
                    "code_challenge_methods_supported": ["plain", "S256"],
                ]
            )
        )
    }

    /// A client of it.
    func client() -> OpenIDClient {
        OpenIDClient(provider, now: { self.state.withLock { $0.now } }) { request throws(OpenIDError) in
            let answer = self.state.withLock { state -> OutgoingAnswer? in
                state.asked.append(request)
                return state.isDown ? nil : Self.answer(request, &state)
            }
            guard let answer else { throw .unreachable("down") }
            return answer
        }
    }

    private static func answer(_ request: OutgoingRequest, _ state: inout State) -> OutgoingAnswer {
        func json(_ value: JSON, _ status: Int = 200) -> OutgoingAnswer {
            OutgoingAnswer(status: status, body: value.bytes)
        }
        switch request.address.split(separator: "/").last {
        case "openid-configuration": return json(state.discovery)
        case "keys": return json(state.keys)
        case "userinfo": return json(state.userinfo)
        case "token":
            if let refusal = state.refusal { return json(refusal.body, refusal.status) }
            let form = PageQuery(request.form ?? "")
            let verifier = form.first("code_verifier") ?? ""
            guard Base64URL.encode(SHA256.hash(data: Array(verifier.utf8))) == state.challenge else {
                return json(["error": "invalid_grant"], 400)
            }
            var claims = state.claims
            if claims["nonce"] == nil { claims["nonce"] = .string(state.nonce) }
            guard let token = try? TokenMaker.shared.token(header: state.header, claims: claims) else {
                return json([:], 500)
            }
            return json(["id_token": .string(token), "access_token": "access", "token_type": "Bearer"])
        default: return json([:], 404)
        }
    }

    /// Takes note of where a browser was sent, as a provider does, and gives the address to which it sends it back.
    func authorize(_ location: String, code: String = "code") -> String {
        let query = PageQuery(location.split(separator: "?").last.map(String.init) ?? "")
        state.withLock {
            $0.nonce = query.first("nonce") ?? ""
            $0.challenge = query.first("code_challenge") ?? ""
        }
        var back = PageQuery()
        back.add("code", code)
        back.add("state", query.first("state"))
        let path = (query.first("redirect_uri") ?? "").replacing("http://klappa.example", with: "")
        return back.address(path)
    }

    func count(_ ending: String) -> Int {
        state.withLock { $0.asked.count { $0.address.hasSuffix(ending) } }
    }
}
