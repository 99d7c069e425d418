"""Every fixed structure of a UEFI variable image, declared once.

The image is a firmware volume of the kind that EDK2 builds for virtual machines: one volume header over the whole
flash, a variable store behind it, and a block in which fault-tolerant writes announce themselves. All integers are
little-endian. The declarations are the one source of truth: `scripts/make_formats` derives from them the plain
`struct` formats in `formats.py` that the running program uses, so nothing on the hot path imports this module.

Declared here are fixed sizes only. What repeats (block map entries, records, queue entries) is walked by hand with
bounds checked at each step, because construct's own repeaters hide damage: they stop at the first bad element
without a word.
"""

from construct import Bytes, Int8ul, Int16sl, Int16ul, Int32ul, Int64sl, Int64ul, Padding, Struct

# UEFI Platform Initialization, volume 3, 3.2.1: the part of the volume header before its block map.
FirmwareVolumeHeader = Struct(
    "zero_vector" / Bytes(16),
    "file_system_guid" / Bytes(16),
    "volume_length" / Int64ul,
    "signature" / Bytes(4),
    "attributes" / Int32ul,
    "header_length" / Int16ul,
    "checksum" / Int16ul,
    "extended_header_offset" / Int16ul,
    "reserved" / Int8ul,
    "revision" / Int8ul,
)

# The block map is a run of these, ended by an entry of zeros.
BlockMapEntry = Struct("block_count" / Int32ul, "block_length" / Int32ul)

# EDK2, VariableFormat.h: VARIABLE_STORE_HEADER. The size counts this header in and the volume header out.
VariableStoreHeader = Struct(
    "signature" / Bytes(16),
    "size" / Int32ul,
    "format" / Int8ul,
    "state" / Int8ul,
    "reserved" / Int16ul,
    "reserved1" / Int32ul,
)

# EDK2, VariableFormat.h: AUTHENTICATED_VARIABLE_HEADER, packed. The name and the data follow without a gap.
VariableHeader = Struct(
    "start_id" / Int16ul,
    "state" / Int8ul,
    "reserved" / Int8ul,
    "attributes" / Int32ul,
    "monotonic_count" / Int64ul,
    "time_stamp" / Bytes(16),
    "public_key_index" / Int32ul,
    "name_size" / Int32ul,
    "data_size" / Int32ul,
    "vendor_guid" / Bytes(16),
)

# The same sixty bytes as the index pass sees them: what it needs to find the next record, the rest skipped unread.
VariableOutline = Struct(
    "start_id" / Int16ul,
    "state" / Int8ul,
    Padding(1),
    "attributes" / Int32ul,
    Padding(28),
    "name_size" / Int32ul,
    "data_size" / Int32ul,
    Padding(16),
)

# And as a listing sees them: what the key does not tell.
VariableContent = Struct(
    Padding(4),
    "attributes" / Int32ul,
    Padding(8),
    "time_stamp" / Bytes(16),
    Padding(8),
    "data_size" / Int32ul,
    Padding(16),
)

# UEFI, 8.3: EFI_TIME.
EfiTime = Struct(
    "year" / Int16ul,
    "month" / Int8ul,
    "day" / Int8ul,
    "hour" / Int8ul,
    "minute" / Int8ul,
    "second" / Int8ul,
    "pad1" / Int8ul,
    "nanosecond" / Int32ul,
    "time_zone" / Int16sl,
    "daylight" / Int8ul,
    "pad2" / Int8ul,
)

# EDK2, WorkingBlockHeader.h: EFI_FAULT_TOLERANT_WORKING_BLOCK_HEADER. The state is one byte of flags in a word.
WorkingBlockHeader = Struct(
    "signature" / Bytes(16),
    "crc" / Int32ul,
    "state" / Int8ul,
    "reserved" / Bytes(3),
    "write_queue_size" / Int64ul,
)

# EDK2, FaultTolerantWrite.h: the two queue entries. The compiler aligns them naturally and real firmware writes the
# gaps as they were erased, so the gaps are declared and hold 0xFF.
WriteHeader = Struct(
    "state" / Int8ul,
    "gap1" / Bytes(3),
    "caller_id" / Bytes(16),
    "gap2" / Bytes(4),
    "number_of_writes" / Int64ul,
    "private_data_size" / Int64ul,
)

WriteRecord = Struct(
    "state" / Int8ul,
    "gap" / Bytes(7),
    "block" / Int64ul,
    "offset" / Int64ul,
    "length" / Int64ul,
    "relative_offset" / Int64sl,
)

# UEFI, 8.2.2: EFI_VARIABLE_AUTHENTICATION_2 up to the signature. The length counts from itself on, signature included.
AuthenticationDescriptor = Struct(
    "time_stamp" / Bytes(16),
    "length" / Int32ul,
    "revision" / Int16ul,
    "certificate_type" / Int16ul,
    "signature_type" / Bytes(16),
)

# UEFI, 32.4.1: EFI_SIGNATURE_LIST. A header of its own may follow, then signatures, each with its owner in front.
SignatureListHeader = Struct(
    "signature_type" / Bytes(16),
    "list_size" / Int32ul,
    "header_size" / Int32ul,
    "signature_size" / Int32ul,
)

# EDK2, AuthServiceInternal.h: AUTH_CERT_DB_DATA, packed. The name follows in CHAR16 without a terminator, its size
# counted in characters, and then the digest of the signer.
CertdbEntry = Struct(
    "vendor_guid" / Bytes(16),
    "entry_size" / Int32ul,
    "name_length" / Int32ul,
    "digest_size" / Int32ul,
)

# Ours: what a redo variable begins with (`redo`). The CRC-32 is that of the records behind it.
RedoHeader = Struct(
    "magic" / Bytes(8),
    "version" / Int16ul,
    "reserved" / Int16ul,
    "length" / Int32ul,
    "crc" / Int32ul,
)
