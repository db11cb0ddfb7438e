import Crypto
import CryptoExtras
import Foundation
import NIOCore
import Synchronization
import Testing

@testable import Registry
@testable import Web

@Suite struct OpenIDClientTests {
    /// Signs in at an invented provider and gives what came of it.
    private func signIn(_ there: InventedProvider, _ client: OpenIDClient) async throws -> OpenIDPerson {
        let attempt = OpenIDAttempt(state: .random(), browser: .random())
        let address = try await client.authorization(attempt, returnsTo: "http://klappa.example/back")
        _ = there.authorize(address)
        return try await client.person(code: "code", attempt, returnsTo: "http://klappa.example/back").0
    }

    private func fault(_ there: InventedProvider, _ client: OpenIDClient? = nil) async throws -> OpenIDError?
    {
        do {
            _ = try await signIn(there, client ?? there.client())
            return nil
        } catch let error as OpenIDError {
            return error
        }
    }

    @Test func `a browser is sent with state, nonce and a challenge whose verifier stays here`() async throws
    {
        let there = try InventedProvider()
        let attempt = OpenIDAttempt(state: .random(), browser: .random())
        let address = try await there.client().authorization(attempt, returnsTo: "http://klappa.example/back")
        #expect(address.hasPrefix("https://login.example/authorize?response_type=code&client_id=klappa&"))
        #expect(address.contains("code_challenge_method=S256"))
        #expect(address.contains("state=\(attempt.state.text)"))
        #expect(!address.contains(attempt.verifier) && !address.contains(attempt.browser.text))
        #expect(attempt.verifier.utf8.count == 43)
        let other = OpenIDAttempt(state: attempt.state, browser: .random())
        #expect(
            other.nonce != attempt.nonce && other.verifier != attempt.verifier
                && attempt.nonce != attempt.verifier
        )
    }

    @Test func `a new key is fetched when a token bears it, and only so often`() async throws {
        let there = try InventedProvider()
        let client = there.client()
        _ = try await signIn(there, client)
        _ = try await signIn(there, client)
        #expect(there.count("/keys") == 1)
        let rotated = try TokenMaker.jwk(TokenMaker.shared.rsa.publicKey, id: "rsa-2")
        there.state.withLock {
            $0.keys = ["keys": [rotated]]
            $0.header = ["kid": "rsa-2"]
        }
        _ = try await signIn(there, client)
        #expect(there.count("/keys") == 2)
        there.state.withLock { $0.header = ["kid": "never"] }
        for _ in 0..<20 {
            let fault = try await fault(there, client)
            #expect(fault == .token(.key))
        }
        #expect(there.count("/keys") == OpenIDClient.mostFetches)
        // A key that is known still signs in meanwhile; a minute later unknown ones are looked for again.
        there.state.withLock { $0.header = ["kid": "rsa-2"] }
        _ = try await signIn(there, client)
        there.state.withLock {
            $0.now += 61
            $0.header = ["kid": "never"]
            $0.claims = ["iat": .integer(Int64($0.now)), "exp": .integer(Int64($0.now) + 60)]
        }
        let later = try await fault(there, client)
        #expect(later == .token(.key))
        #expect(there.count("/keys") == OpenIDClient.mostFetches + 1)
    }

    @Test func `what the provider is and a key that is gone hold for an hour at most`() async throws {
        let there = try InventedProvider()
        let client = there.client()
        _ = try await signIn(there, client)
        there.state.withLock {
            $0.keys = ["keys": []]
            $0.now += 3601
            $0.claims = ["iat": .integer(Int64($0.now)), "exp": .integer(Int64($0.now) + 60)]
        }
        let fault = try await fault(there, client)
        #expect(fault == .token(.key))
        #expect(there.count("openid-configuration") == 2)
    }

    @Test(arguments: [
        ("issuer", "https://evil.example"), ("token_endpoint", "http://login.example/token"),
        ("jwks_uri", "file:///etc/passwd"), ("authorization_endpoint", "https://user@login.example/"),
        ("jwks_uri", "http://169.254.169.254/keys"),
    ])
    func `a provider that says something else than it should is not asked`(name: String, value: String)
        async throws
    {
        let there = try InventedProvider()
        there.state.withLock {
            guard case .object(var members) = $0.discovery else { return }
            members[name] = .string(value)
            $0.discovery = .object(members)
        }
        guard case .malformed? = try await fault(there) else {
            Issue.record("was taken")
            return
        }
        #expect(there.count("/token") == 0)
    }

    @Test func `a provider without S256, or without a signature that is understood, is refused`() async throws
    {
        for (name, words) in [
            ("code_challenge_methods_supported", ["plain"]),
            ("id_token_signing_alg_values_supported", ["HS256", "none"]),
        ] {
            let there = try InventedProvider()
            there.state.withLock {
                guard case .object(var members) = $0.discovery else { return }
                members[name] = .array(words.map { .string($0) })
                $0.discovery = .object(members)
            }
            guard case .malformed? = try await fault(there) else {
                Issue.record("\(name) was taken")
                continue
            }
        }
    }

    @Test func `what the token leaves out comes from the userinfo endpoint, of the same person only`()
        async throws
    {
        let there = try InventedProvider()
        there.state.withLock {
            $0.claims = ["email": .none, "email_verified": .none]
            $0.userinfo = ["sub": "u-4711", "email": "maja@skane.example", "email_verified": true]
        }
        let person = try await signIn(there, there.client())
        #expect(person.email == "maja@skane.example")
        there.state.withLock {
            $0.userinfo = ["sub": "u-1", "email": "admin@klappa.example", "email_verified": true]
        }
        let fault = try await fault(there)
        #expect(fault == .token(.subject))
    }

    @Test func `the secret goes where the provider wants it`() async throws {
        let provider = OpenIDProvider(
            key: "skane",
            name: "Skåne",
            issuer: TokenMaker.issuer,
            clientID: "klappa",
            clientSecret: "s:e cret"
        )
        let there = try InventedProvider(provider)
        _ = try await signIn(there, there.client())
        let asked = try #require(there.state.withLock { $0.asked.first { $0.form != nil } })
        #expect(asked.authorization == "Basic " + Data("klappa:s%3Ae+cret".utf8).base64EncodedString())
        #expect(asked.form?.contains("client_secret") == false)
        there.state.withLock {
            guard case .object(var members) = $0.discovery else { return }
            members["token_endpoint_auth_methods_supported"] = ["client_secret_post"]
            $0.discovery = .object(members)
            $0.asked = []
        }
        _ = try await signIn(there, there.client())
        let posted = try #require(there.state.withLock { $0.asked.first { $0.form != nil } })
        #expect(posted.authorization == nil)
        #expect(posted.form?.contains("client_id=klappa&client_secret=s:e+cret") == true)
    }

    @Test(arguments: [
        ("https://login.example", true), ("http://127.0.0.1:9400", true), ("http://localhost:9400", true),
        ("http://login.example", false), ("https://", false), ("https://a:b@login.example", false),
        ("https://login.example#x", false), ("ftp://login.example", false),
        ("https://login.example/ x", false),
        ("http://127.0.0.1.evil.example", false),
    ])
    func `only https is asked, or this machine`(address: String, isAllowed: Bool) {
        #expect(OutgoingRequest.isAllowed(address) == isAllowed)
    }
}
