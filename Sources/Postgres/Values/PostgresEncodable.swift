/// A Swift value that can be bound to a placeholder.
public protocol PostgresEncodable: Sendable {
    /// The PostgreSQL type that is announced for the placeholder.
    static var postgresType: PostgresType { get }
    /// The type of arrays of this type.
    static var postgresArrayType: PostgresType { get }
    /// Whether the value is SQL's NULL; then ``encode(into:)`` is not called.
    var isPostgresNull: Bool { get }
    /// Appends the binary form of the value.
    func encode(into writer: inout PostgresWriter)
}

extension PostgresEncodable {
    /// Looked up from ``postgresType``; text arrays for types that have no array known here.
    public static var postgresArrayType: PostgresType {
        postgresType.array ?? PostgresType(rawValue: 1009)
    }
    /// Only optionals are ever NULL.
    public var isPostgresNull: Bool { false }
}

extension Optional: PostgresEncodable where Wrapped: PostgresEncodable {
    /// The type of the wrapped value.
    public static var postgresType: PostgresType { Wrapped.postgresType }
    /// The array type of the wrapped value.
    public static var postgresArrayType: PostgresType { Wrapped.postgresArrayType }
    /// Whether there is no value.
    public var isPostgresNull: Bool { self?.isPostgresNull ?? true }
    /// Appends the wrapped value, nothing for nil.
    public func encode(into writer: inout PostgresWriter) {
        self?.encode(into: &writer)
    }
}

/// A Swift enum (or other raw value) stands for its raw value.
///
/// Texts are bound without a type, so that the server takes them as the enum type of the column.
extension PostgresEncodable where Self: RawRepresentable, RawValue: PostgresEncodable {
    /// Unspecified for texts, else the type of the raw value.
    public static var postgresType: PostgresType {
        RawValue.self == String.self ? .unspecified : RawValue.postgresType
    }
    /// The array type of the raw value: arrays of enums travel as `text[]` and need a cast.
    public static var postgresArrayType: PostgresType { RawValue.postgresArrayType }
    /// Appends the raw value.
    public func encode(into writer: inout PostgresWriter) {
        rawValue.encode(into: &writer)
    }
}
