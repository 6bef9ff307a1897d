import CRabbitMQ

// From rabbitmq-c's structures, which live until the channel's buffers are released, to values of
// our own.

extension String {
  init(_ bytes: amqp_bytes_t) {
    self.init(decoding: UnsafeRawBufferPointer(start: bytes.bytes, count: bytes.len), as: UTF8.self)
  }
}

extension AMQPMessage {
  /// The properties of a content header; the body comes later.
  init(_ properties: amqp_basic_properties_t) {
    func has(_ flag: Int32) -> Bool { properties._flags & amqp_flags_t(flag) != 0 }
    func text(_ flag: Int32, _ bytes: amqp_bytes_t) -> String? { has(flag) ? String(bytes) : nil }
    self.init(
      messageID: text(AMQP_BASIC_MESSAGE_ID_FLAG, properties.message_id),
      correlationID: text(AMQP_BASIC_CORRELATION_ID_FLAG, properties.correlation_id),
      type: text(AMQP_BASIC_TYPE_FLAG, properties.type),
      timestamp: has(AMQP_BASIC_TIMESTAMP_FLAG) ? Int64(clamping: properties.timestamp) : nil,
      appID: text(AMQP_BASIC_APP_ID_FLAG, properties.app_id),
      contentType: text(AMQP_BASIC_CONTENT_TYPE_FLAG, properties.content_type),
      persistent: has(AMQP_BASIC_DELIVERY_MODE_FLAG)
        && properties.delivery_mode == Self.persistentMode,
      priority: has(AMQP_BASIC_PRIORITY_FLAG) ? properties.priority : nil,
      expiration: text(AMQP_BASIC_EXPIRATION_FLAG, properties.expiration),
      headers: has(AMQP_BASIC_HEADERS_FLAG) ? AMQPHeaderValue.decode(properties.headers) : [:]
    )
  }

  static let persistentMode: UInt8 = 2
  static let transientMode: UInt8 = 1

  /// The C form of the properties, in the arena.
  func properties(in arena: EncodingArena) -> amqp_basic_properties_t {
    var properties = amqp_basic_properties_t()
    func set(_ flag: Int32) { properties._flags |= amqp_flags_t(flag) }
    func set(
      _ flag: Int32,
      _ text: String?,
      _ field: WritableKeyPath<amqp_basic_properties_t, amqp_bytes_t>
    ) {
      guard let text else { return }
      properties[keyPath: field] = arena.bytes(text)
      set(flag)
    }
    set(AMQP_BASIC_MESSAGE_ID_FLAG, messageID, \.message_id)
    set(AMQP_BASIC_CORRELATION_ID_FLAG, correlationID, \.correlation_id)
    set(AMQP_BASIC_TYPE_FLAG, type, \.type)
    set(AMQP_BASIC_APP_ID_FLAG, appID, \.app_id)
    set(AMQP_BASIC_CONTENT_TYPE_FLAG, contentType, \.content_type)
    set(AMQP_BASIC_EXPIRATION_FLAG, expiration, \.expiration)
    properties.delivery_mode = persistent ? Self.persistentMode : Self.transientMode
    set(AMQP_BASIC_DELIVERY_MODE_FLAG)
    if let timestamp {
      properties.timestamp = UInt64(clamping: timestamp)
      set(AMQP_BASIC_TIMESTAMP_FLAG)
    }
    if let priority {
      properties.priority = priority
      set(AMQP_BASIC_PRIORITY_FLAG)
    }
    if !headers.isEmpty {
      properties.headers = arena.table(headers)
      set(AMQP_BASIC_HEADERS_FLAG)
    }
    return properties
  }
}

extension AMQPHeaderValue {
  static func decode(_ table: amqp_table_t) -> [String: AMQPHeaderValue] {
    UnsafeBufferPointer(start: table.entries, count: Int(table.num_entries))
      .reduce(into: [:]) { $0[String($1.key)] = AMQPHeaderValue($1.value) }
  }

  init(_ field: amqp_field_value_t) {
    let value = field.value
    switch amqp_field_value_kind_t(UInt32(field.kind)) {
    case AMQP_FIELD_KIND_BOOLEAN: self = .bool(value.boolean != 0)
    case AMQP_FIELD_KIND_I8: self = .int(Int64(value.i8))
    case AMQP_FIELD_KIND_U8: self = .int(Int64(value.u8))
    case AMQP_FIELD_KIND_I16: self = .int(Int64(value.i16))
    case AMQP_FIELD_KIND_U16: self = .int(Int64(value.u16))
    case AMQP_FIELD_KIND_I32: self = .int(Int64(value.i32))
    case AMQP_FIELD_KIND_U32: self = .int(Int64(value.u32))
    case AMQP_FIELD_KIND_I64: self = .int(value.i64)
    case AMQP_FIELD_KIND_U64: self = .int(Int64(clamping: value.u64))
    case AMQP_FIELD_KIND_F32: self = .double(Double(value.f32))
    case AMQP_FIELD_KIND_F64: self = .double(value.f64)
    case AMQP_FIELD_KIND_DECIMAL:
      self = .double(
        (0..<value.decimal.decimals).reduce(Double(value.decimal.value)) { number, _ in number / 10
        }
      )
    case AMQP_FIELD_KIND_UTF8: self = .string(String(value.bytes))
    case AMQP_FIELD_KIND_BYTES:
      self = .bytes(
        [UInt8](UnsafeRawBufferPointer(start: value.bytes.bytes, count: value.bytes.len))
      )
    case AMQP_FIELD_KIND_TIMESTAMP: self = .timestamp(Int64(clamping: value.u64))
    case AMQP_FIELD_KIND_TABLE: self = .table(Self.decode(value.table))
    case AMQP_FIELD_KIND_ARRAY:
      self = .array(
        UnsafeBufferPointer(start: value.array.entries, count: Int(value.array.num_entries)).map(
          AMQPHeaderValue.init
        )
      )
    default: self = .null
    }
  }
}
