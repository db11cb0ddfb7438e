internal import HTTPTypes
internal import Hummingbird
internal import Synchronization

/// Keeps the service usable under more load than it can carry: so many requests are answered at a time, further ones
/// get 503 with `Retry-After` at once instead of waiting. Health is always answered.
final class Admission: RouterMiddleware {
    typealias Context = WebContext

    private let limit: Int
    private let current = Atomic<Int>(0)
    private let gauge: Amount
    private let refused: Amount

    init(limit: Int, metrics: Prometheus) {
        self.limit = limit
        gauge = metrics.gauge("http_requests_in_flight")
        refused = metrics.counter("http_overload_refusals")
    }

    func handle(
        _ request: Request,
        context: WebContext,
        next: @concurrent (Request, WebContext) async throws -> Response
    ) async throws -> Response {
        if context.path.hasPrefix("/health/") { return try await next(request, context) }
        let number = current.add(1, ordering: .relaxed).newValue
        gauge.set(Int64(number))
        defer { gauge.set(Int64(current.subtract(1, ordering: .relaxed).newValue)) }
        guard number <= limit else {
            refused.increment(by: Int64(1))
            throw Problem.unavailable(
                retryAfter: 1,
                detail: Localized(
                    sv: "Tjänsten har för mycket att göra. Försök igen strax.",
                    en: "The service has too much to do. Try again shortly."
                )
            )
        }
        return try await next(request, context)
    }
}
