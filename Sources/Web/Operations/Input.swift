internal import Crypto
internal import Foundation
public import HTTPTypes
internal import NIOCore

/// What a handler receives: its parameters, read and typed, and its body, parsed and validated.
public struct Input: Sendable {
    /// What was given; what was not has the value that its parameter says.
    private let values: [String: any Sendable]
    private let declared: Set<String>
    /// The body as JSON that fits the operation's schema; null when the operation has none.
    public let body: JSON
    private let bodyBytes: ByteBuffer
    /// All header fields of the request.
    public let headers: HTTPFields
    /// The query as the client wrote it, without `?`; empty when there was none.
    public let query: String
    /// The path as the client wrote it.
    public let path: String

    init(
        values: [String: any Sendable],
        declared: Set<String>,
        body: JSON,
        bodyBytes: ByteBuffer,
        headers: HTTPFields,
        query: String,
        path: String = ""
    ) {
        self.path = path
        self.values = values
        self.declared = declared
        self.body = body
        self.bodyBytes = bodyBytes
        self.headers = headers
        self.query = query
    }

    /// The value of a parameter that the operation declares; asking for another one is a programming error.
    public subscript<Value>(parameter: Parameter<Value>) -> Value {
        if let given = values[parameter.name] {
            guard let value = given as? Value else {
                preconditionFailure("two parameters of the operation are called \(parameter.name)")
            }
            return value
        }
        guard declared.contains(parameter.name), let absent = parameter.absent else {
            preconditionFailure("the operation does not declare the parameter \(parameter.name)")
        }
        return absent
    }

    /// SHA-256 of path, query and body: whether two requests ask for the same.
    public var fingerprint: [UInt8] {
        var hash = SHA256()
        hash.update(data: Array("\(path)?\(query)\n".utf8))
        bodyBytes.withUnsafeReadableBytes { hash.update(bufferPointer: $0) }
        return Array(hash.finalize())
    }

    /// The body as a Swift value. What the schema could not rule out is a 400 with the pointer of the member.
    public func decode<Value: Decodable>(_ type: Value.Type) throws(Problem) -> Value {
        do {
            return try JSONDecoder().decode(type, from: Data(bodyBytes.readableBytesView))
        } catch let error as DecodingError {
            throw Problem.invalid([
                .pointer(Self.pointer(of: error), Fault.pattern.code, Fault.pattern.message)
            ])
        } catch {
            throw Problem.invalid([.pointer("", Fault.pattern.code, Fault.pattern.message)])
        }
    }

    private static func pointer(of error: DecodingError) -> String {
        let path: [any CodingKey] =
            switch error {
            case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
                context.codingPath
            case .keyNotFound(let key, let context): context.codingPath + [key]
            @unknown default: []
            }
        var pointer = ""
        for key in path {
            pointer = pointer.descending(to: key.intValue.map { String($0) } ?? key.stringValue)
        }
        return pointer
    }
}
