public import Logging

/// Writes each log message as one line of JSON, which no content can break out of: control characters are escaped.
///
/// ```swift
/// LoggingSystem.bootstrap { JSONLogHandler(label: $0, sink: .standardError) }
/// ```
/// Members: `time`, `level`, `logger`, `message`, then the metadata in the order of their names.
public struct JSONLogHandler: LogHandler {
    /// Added to every message.
    public var metadata: Logger.Metadata = [:]
    /// Messages below are dropped.
    public var logLevel: Logger.Level
    /// Asked at every message; may be nil.
    public var metadataProvider: Logger.MetadataProvider?
    private let label: String
    private let sink: LogSink

    /// See the properties of the same names.
    public init(label: String, sink: LogSink, logLevel: Logger.Level = .info) {
        self.label = label
        self.sink = sink
        self.logLevel = logLevel
    }

    /// One value of ``metadata``.
    public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    /// Writes the line.
    public func log(event: LogEvent) {
        var all = metadata
        if let provided = metadataProvider?.get() { all.merge(provided) { _, new in new } }
        if let given = event.metadata { all.merge(given) { _, new in new } }
        var members = JSON.Members([
            ("time", .string(Timestamp.now.rfc3339)),
            ("level", .string(event.level.rawValue)),
            ("logger", .string(label)),
            ("message", .string(event.message.description)),
        ])
        // The framework's own number of the request says nothing that `request` does not.
        for (name, value) in all.sorted(by: { $0.key < $1.key }) where name != "hb.request.id" {
            members.pairs.append(.init(name: name, value: Self.json(value)))
        }
        sink.write(.object(members))
    }

    private static func json(_ value: Logger.Metadata.Value) -> JSON {
        switch value {
        case .string(let text): .string(text)
        case .stringConvertible(let value): .string(value.description)
        case .array(let values): .array(values.map(json))
        case .dictionary(let values):
            .object(.init(values.sorted { $0.key < $1.key }.map { ($0.key, json($0.value)) }))
        }
    }
}
