import CRabbitMQ

/// Memory for the C form of one method or message, given back all at once. It stays on the thread
/// that made it.
final class EncodingArena {
  private let pool = UnsafeMutablePointer<amqp_pool_t>.allocate(capacity: 1)

  /// One page holds the properties of a usual message.
  private static let pageSize = 4_096

  init() { init_amqp_pool(pool, Self.pageSize) }

  deinit {
    empty_amqp_pool(pool)
    pool.deallocate()
  }

  /// Makes everything encoded so far invalid.
  func recycle() { recycle_amqp_pool(pool) }

  func bytes(_ text: String) -> amqp_bytes_t {
    var text = text
    return text.withUTF8 { copy(UnsafeRawBufferPointer($0)) }
  }

  func bytes(_ bytes: [UInt8]) -> amqp_bytes_t {
    bytes.withUnsafeBytes { copy($0) }
  }

  func table(_ table: [String: AMQPHeaderValue]) -> amqp_table_t {
    var result = amqp_table_t()
    guard !table.isEmpty else { return result }
    let entries = allocate(amqp_table_entry_t.self, count: table.count)
    for (index, entry) in table.enumerated() {
      entries[index] = amqp_table_entry_t(key: bytes(entry.key), value: value(entry.value))
    }
    result.num_entries = Int32(table.count)
    result.entries = entries
    return result
  }

  private func value(_ value: AMQPHeaderValue) -> amqp_field_value_t {
    var field = amqp_field_value_t()
    func kind(_ kind: amqp_field_value_kind_t) { field.kind = UInt8(kind.rawValue) }
    switch value {
    case .null: kind(AMQP_FIELD_KIND_VOID)
    case .string(let value):
      kind(AMQP_FIELD_KIND_UTF8)
      field.value.bytes = bytes(value)
    case .bytes(let value):
      kind(AMQP_FIELD_KIND_BYTES)
      field.value.bytes = bytes(value)
    case .int(let value):
      kind(AMQP_FIELD_KIND_I64)
      field.value.i64 = value
    case .bool(let value):
      kind(AMQP_FIELD_KIND_BOOLEAN)
      field.value.boolean = value ? 1 : 0
    case .double(let value):
      kind(AMQP_FIELD_KIND_F64)
      field.value.f64 = value
    case .timestamp(let value):
      kind(AMQP_FIELD_KIND_TIMESTAMP)
      field.value.u64 = UInt64(clamping: value)
    case .table(let value):
      kind(AMQP_FIELD_KIND_TABLE)
      field.value.table = table(value)
    case .array(let values):
      kind(AMQP_FIELD_KIND_ARRAY)
      var array = amqp_array_t()
      if !values.isEmpty {
        let entries = allocate(amqp_field_value_t.self, count: values.count)
        for (index, element) in values.enumerated() { entries[index] = self.value(element) }
        array.num_entries = Int32(values.count)
        array.entries = entries
      }
      field.value.array = array
    }
    return field
  }

  private func copy(_ source: UnsafeRawBufferPointer) -> amqp_bytes_t {
    guard let start = source.baseAddress, !source.isEmpty else { return amqp_bytes_t() }
    let target = allocate(UInt8.self, count: source.count)
    UnsafeMutableRawPointer(target).copyMemory(from: start, byteCount: source.count)
    return amqp_bytes_t(len: source.count, bytes: target)
  }

  private func allocate<Element>(_ type: Element.Type, count: Int) -> UnsafeMutablePointer<Element>
  {
    guard let memory = amqp_pool_alloc(pool, count * MemoryLayout<Element>.stride) else {
      preconditionFailure("out of memory")
    }
    // amqp_pool_alloc rounds up to 8 bytes, the strictest alignment in these types.
    return memory.bindMemory(to: type, capacity: count)
  }
}
