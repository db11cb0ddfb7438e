import AsyncHTTPClient
import NIOCore
import NIOHTTP1

/// One question over HTTP.
enum Web {
    /// What came back.
    struct Answer: Equatable {
        let status: Int
        let body: String
    }

    /// Asks for an address; nil when nobody answers within the limit.
    static func get(_ url: String, within limit: TimeAmount = .seconds(10)) async -> Answer? {
        do {
            let response = try await HTTPClient.shared.execute(HTTPClientRequest(url: url), timeout: limit)
            let body = try await response.body.collect(upTo: 4 << 20)
            return Answer(status: Int(response.status.code), body: String(buffer: body))
        } catch {
            return nil
        }
    }
}
