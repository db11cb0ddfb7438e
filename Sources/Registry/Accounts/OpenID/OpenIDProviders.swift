internal import Foundation

/// The providers through which staff may sign in, in the order of the settings; none unless an installation names some.
public struct OpenIDProviders: Sendable {
    let clients: [OpenIDClient]

    /// - Parameter way: the way out; whoever made it shuts it down.
    public init(_ providers: [OpenIDProvider] = [], through way: OutgoingHTTP? = nil) {
        clients = providers.map { provider in
            OpenIDClient(provider) { request throws(OpenIDError) in
                guard let way else { throw .unreachable("there is no way out") }
                return try await way.send(request)
            }
        }
    }

    init(clients: [OpenIDClient]) { self.clients = clients }

    /// The one with a key.
    func client(_ key: String) -> OpenIDClient? { clients.first { $0.provider.key == key } }

    /// Asks each what it is, for the doctor.
    ///
    /// - Returns: the key of each and why it cannot be used, nil when it can.
    public func examine() async -> [(key: String, fault: String?)] {
        var found: [(key: String, fault: String?)] = []
        for client in clients {
            do {
                _ = try await client.description()
                found.append((client.provider.key, nil))
            } catch {
                found.append((client.provider.key, error.reason))
            }
        }
        return found
    }
}
