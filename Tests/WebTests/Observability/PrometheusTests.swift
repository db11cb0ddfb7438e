import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Metrics
import Testing

@testable import Web

@Suite struct PrometheusTests {
    /// Each sample of the text as name with labels and value; fails on a line that is neither sample nor comment.
    private func samples(_ text: String) throws -> [String: Double] {
        let line =
            /(?<series>[a-zA-Z_][a-zA-Z0-9_]*(\{([a-z_]+="([^"\\]|\\.)*",?)*\})?) (?<value>[0-9.e+\-]+)/
        var samples: [String: Double] = [:]
        for text in text.split(separator: "\n") where !text.hasPrefix("# TYPE ") {
            let match = try #require(try line.wholeMatch(in: text), "\(text)")
            samples[String(match.series)] = Double(match.value)
        }
        return samples
    }

    @Test func `each kind is written as the format wants it`() throws {
        let metrics = Prometheus()
        metrics.makeCounter(label: "mail.sent", dimensions: [("kind", "a\"b\\c\nd")]).increment(by: Int64(3))
        metrics.makeMeter(label: "pool-size", dimensions: []).set(Int64(4))
        let timer = metrics.makeTimer(label: "query", dimensions: [])
        timer.recordNanoseconds(2_000_000)
        timer.recordNanoseconds(20_000_000_000)
        let samples = try samples(metrics.text)
        #expect(samples[#"mail_sent_total{kind="a\"b\\c\nd"}"#] == 3)
        #expect(samples["pool_size"] == 4)
        #expect(samples[#"query_seconds_bucket{le="0.001"}"#] == 0)
        #expect(samples[#"query_seconds_bucket{le="0.0025"}"#] == 1)
        #expect(samples[#"query_seconds_bucket{le="+Inf"}"#] == 2)
        #expect(samples["query_seconds_count"] == 2)
        #expect(metrics.text.contains("# TYPE query_seconds histogram\n"))
    }

    @Test func `ten thousand odd addresses make no ten thousand series`() async throws {
        let metrics = Prometheus()
        try await Application(router: Sample.server(metrics: metrics).router).test(.router) { client in
            for number in 0..<10_000 {
                _ = try await client.execute(uri: "/odd/\(number)?x=\(number)", method: .get)
            }
        }
        let samples = try samples(metrics.text)
        #expect(samples.count < 100)
        let count = #"http_request_duration_seconds_count{method="GET",route="NotFound",status="404"}"#
        #expect(samples[count] == 10_000)
    }

    @Test func `a family takes no more series than its limit`() throws {
        let metrics = Prometheus(seriesLimit: 10)
        for number in 0..<1000 { metrics.counter("odd", [("n", String(number))]).increment(by: Int64(1)) }
        let samples = try samples(metrics.text)
        #expect(samples.count == 11)
        #expect(samples[#"odd_total{n="other"}"#] == 990)
    }
}
