import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import NIOCore
import Testing

@testable import Web

@Suite struct AccessLogTests {
    @Test func `each request is one line with the route instead of the address`() async throws {
        let log = LogSink()
        let trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
        try await Application(router: Sample.server(log: log).router).test(.router) { client in
            let response = try await client.execute(
                uri: "/api/v1/names/secret-person?key=hemlig",
                method: .get,
                headers: [.traceParent: trace, .authorization: "Bearer hemlig"]
            )
            #expect(response.status == .badRequest)
            let line = try JSONParser.parse(ByteBuffer(string: try #require(log.lines.first)))
            #expect(line["route"] == "/api/v1/names/{name}")
            #expect(line["status"] == 400)
            #expect(line["method"] == "GET")
            #expect(line["traceparent"] == .string(trace))
            #expect(line["request"]?.string == response.headers[.requestID])
        }
        #expect(log.lines.count == 1)
        #expect(!log.lines.joined().contains("hemlig") && !log.lines.joined().contains("secret-person"))
    }

    @Test(arguments: ["x", "00-0-0-0", "00-00000000000000000000000000000000-00f067aa0ba902b7-01", "a\r\nb"])
    func `a broken trace is not kept`(field: String) {
        #expect(TraceParent(field) == nil)
    }

    @Test func `no message or value can begin a line of its own`() throws {
        let sink = LogSink()
        var logger = Logger(label: "test") { JSONLogHandler(label: $0, sink: sink) }
        logger[metadataKey: "name"] = "a\r\n{\"level\":\"error\"}"
        logger.info("one\ntwo\u{2028}three", metadata: ["list": ["x\n", ["k": "v\r"]]])
        logger.debug("dropped")
        #expect(sink.lines.count == 1)
        let line = try #require(sink.lines.first)
        #expect(!line.contains("\n") && !line.contains("\r") && !line.contains("\u{2028}"))
        let value = try JSONParser.parse(ByteBuffer(string: line))
        #expect(value["message"] == "one\ntwo\u{2028}three")
        #expect(value["name"] == "a\r\n{\"level\":\"error\"}")
        #expect(value["list"] == ["x\n", ["k": "v\r"]])
        #expect(value["level"] == "info")
    }
}
