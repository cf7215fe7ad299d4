#include "parser/report/schema.h"

namespace oomlab::parser {
namespace {

constexpr std::string_view kSchema =
    R"schema({
  "$schema": "http://json-schema.org/draft-07/schema#",
  "$id": "oomlab.report/1",
  "title": "OOM reports of a kernel log",
  "type": "object",
  "required": ["schema", "reports"],
  "additionalProperties": false,
  "properties": {
    "schema": {"const": "oomlab.report/1"},
    "reports": {"type": "array", "items": {"$ref": "#/definitions/report"}}
  },
  "definitions": {
    "count": {"type": "integer", "minimum": 0},
    "comm": {
      "description": "Raw bytes of the name; not UTF-8: U+FFFD here, all bytes in comm_hex",
      "type": "string"
    },
    "hex": {"type": "string", "pattern": "^([0-9a-f]{2})*$"},
    "values": {"type": "object", "additionalProperties": {"type": "integer"}},
    "strings": {"type": "array", "items": {"type": "string"}},
    "report": {
      "type": "object",
      "required": ["kind", "outcome", "complete", "missing", "first_line",
                   "last_line", "invoker", "victims", "warnings"],
      "additionalProperties": false,
      "properties": {
        "schema": {"const": "oomlab.report/1"},
        "file": {"description": "The input, where there are several",
                 "type": "string"},
        "kind": {"enum": ["global", "memcg", "cpuset", "mempolicy", "sysrq"]},
        "outcome": {"enum": ["killed", "group_killed", "panic",
                             "no_killable_process", "none", "unknown"]},
        "complete": {"type": "boolean"},
        "missing": {
          "description": "What a whole report of that kernel would have had",
          "type": "array",
          "items": {"enum": ["header", "call_trace", "mem_info",
                             "mem_info_counters", "mem_info_zones",
                             "mem_info_buddy", "mem_info_totals", "memcg",
                             "memcg_stats", "task_table", "oom_kill_line",
                             "score_line", "kill_line", "group_line",
                             "chosen", "lost_lines"]}
        },
        "first_line": {"description": "1-based, in the input",
                       "type": "integer", "minimum": 1},
        "last_line": {"type": "integer", "minimum": 1},
        "timestamp_s": {"description": "Seconds since boot, of the header",
                        "type": "number"},
        "kernel": {
          "type": "object",
          "additionalProperties": false,
          "properties": {"release": {"type": "string"},
                         "tainted": {"type": "string"}}
        },
        "page_size_bytes": {"$ref": "#/definitions/count"},
        "invoker": {"$ref": "#/definitions/invoker"},
        "constraint": {"type": "string"},
        "cpuset": {"type": "string"},
        "mems_allowed": {"type": "string"},
        "nodemask": {"type": "string"},
        "oom_memcg": {"type": "string"},
        "task_memcg": {"type": "string"},
        "chosen": {
          "description": "The process that the oom-kill: or score line names",
          "type": "object",
          "additionalProperties": false,
          "properties": {"pid": {"type": "integer"},
                         "comm": {"$ref": "#/definitions/comm"},
                         "comm_hex": {"$ref": "#/definitions/hex"},
                         "score": {"type": "integer"}}
        },
        "oom_group_memcg": {"type": "string"},
        "memcg": {"$ref": "#/definitions/memcg"},
        "mem_info": {"$ref": "#/definitions/mem_info"},
        "tasks": {
          "description": "There when the table's header is, rows or not",
          "type": "array", "items": {"$ref": "#/definitions/task"}
        },
        "victims": {"type": "array", "items": {"$ref": "#/definitions/victim"}},
        "panic_message": {"type": "string"},
        "call_trace": {"$ref": "#/definitions/strings"},
        "warnings": {
          "type": "array",
          "items": {
            "type": "object",
            "required": ["line", "code", "message"],
            "additionalProperties": false,
            "properties": {"line": {"$ref": "#/definitions/count"},
                           "code": {"type": "string", "pattern": "^[a-z_]+$"},
                           "message": {"type": "string"}}
          }
        }
      }
    },)schema"
    R"schema(
    "invoker": {
      "description": "The process in whose context the allocation failed",
      "type": "object",
      "additionalProperties": false,
      "properties": {
        "comm": {"$ref": "#/definitions/comm"},
        "comm_hex": {"$ref": "#/definitions/hex"},
        "pid": {"type": "integer"},
        "uid": {"$ref": "#/definitions/count"},
        "cpu": {"type": "integer"},
        "gfp_mask": {"type": "string"},
        "gfp_flags": {"$ref": "#/definitions/strings"},
        "order": {"description": "-1: sysrq", "type": "integer"},
        "oom_score_adj": {"type": "integer"},
        "oom_adj": {"type": "integer"}
      }
    },
    "memcg": {
      "type": "object",
      "additionalProperties": false,
      "properties": {
        "usage_kib": {"$ref": "#/definitions/count"},
        "limit_kib": {"$ref": "#/definitions/count"},
        "failcnt": {"$ref": "#/definitions/count"},
        "swap_usage_kib": {"$ref": "#/definitions/count"},
        "swap_limit_kib": {"$ref": "#/definitions/count"},
        "swap_failcnt": {"$ref": "#/definitions/count"},
        "memsw_usage_kib": {"$ref": "#/definitions/count"},
        "memsw_limit_kib": {"$ref": "#/definitions/count"},
        "memsw_failcnt": {"$ref": "#/definitions/count"},
        "kmem_usage_kib": {"$ref": "#/definitions/count"},
        "kmem_limit_kib": {"$ref": "#/definitions/count"},
        "kmem_failcnt": {"$ref": "#/definitions/count"},
        "min_protection_kib": {"$ref": "#/definitions/count"},
        "low_protection_kib": {"$ref": "#/definitions/count"},
        "stats_memcg": {"type": "string"},
        "stats": {"description": "memory.stat: bytes or events",
                  "$ref": "#/definitions/values"}
      }
    },
    "mem_info": {
      "type": "object",
      "required": ["counters", "nodes", "zones", "buddy"],
      "additionalProperties": false,
      "properties": {
        "ram_pages": {"$ref": "#/definitions/count"},
        "reserved_pages": {"$ref": "#/definitions/count"},
        "highmem_pages": {"$ref": "#/definitions/count"},
        "cma_reserved_pages": {"$ref": "#/definitions/count"},
        "hwpoisoned_pages": {"$ref": "#/definitions/count"},
        "pagecache_pages": {"$ref": "#/definitions/count"},
        "swap_cache_pages": {"$ref": "#/definitions/count"},
        "swap_free_kib": {"$ref": "#/definitions/count"},
        "swap_total_kib": {"$ref": "#/definitions/count"},
        "pages_shared": {"$ref": "#/definitions/count"},
        "pages_non_shared": {"$ref": "#/definitions/count"},
        "counters": {"description": "Pages", "$ref": "#/definitions/values"},
        "nodes": {"type": "array", "items": {"$ref": "#/definitions/node"}},
        "zones": {"type": "array", "items": {"$ref": "#/definitions/zone"}},
        "buddy": {"type": "array", "items": {"$ref": "#/definitions/buddy"}},
        "hugepages": {"type": "array",
                      "items": {"$ref": "#/definitions/hugepages"}}
      }
    },
    "node": {
      "type": "object",
      "required": ["node", "values_kib"],
      "additionalProperties": false,
      "properties": {
        "node": {"type": "integer"},
        "values_kib": {"$ref": "#/definitions/values"},
        "all_unreclaimable": {"type": "boolean"}
      }
    },
    "zone": {
      "type": "object",
      "required": ["zone", "values_kib"],
      "additionalProperties": false,
      "properties": {
        "node": {"type": "integer"},
        "zone": {"type": "string"},
        "values_kib": {"$ref": "#/definitions/values"},
        "all_unreclaimable": {"type": "boolean"},
        "lowmem_reserve_pages": {"type": "array", "items": {"type": "integer"}}
      }
    },
    "buddy": {
      "description": "Free blocks of a zone by size",
      "type": "object",
      "required": ["zone", "entries"],
      "additionalProperties": false,
      "properties": {
        "node": {"type": "integer"},
        "zone": {"type": "string"},
        "entries": {
          "type": "array",
          "items": {
            "type": "object",
            "required": ["count", "size_kib"],
            "additionalProperties": false,
            "properties": {
              "count": {"$ref": "#/definitions/count"},
              "size_kib": {"$ref": "#/definitions/count"},
              "migrate_types": {"type": "string"}
            }
          }
        },
        "total_kib": {"$ref": "#/definitions/count"}
      }
    },
    "hugepages": {
      "type": "object",
      "required": ["total", "free", "surplus", "size_kib"],
      "additionalProperties": false,
      "properties": {
        "node": {"type": "integer"},
        "total": {"$ref": "#/definitions/count"},
        "free": {"$ref": "#/definitions/count"},
        "surplus": {"$ref": "#/definitions/count"},
        "size_kib": {"$ref": "#/definitions/count"}
      }
    },)schema"
    R"schema(
    "task": {
      "type": "object",
      "required": ["pid", "comm", "line"],
      "additionalProperties": false,
      "properties": {
        "pid": {"type": "integer"},
        "uid": {"$ref": "#/definitions/count"},
        "tgid": {"type": "integer"},
        "comm": {"$ref": "#/definitions/comm"},
        "comm_hex": {"$ref": "#/definitions/hex"},
        "total_vm_pages": {"$ref": "#/definitions/count"},
        "rss_pages": {"$ref": "#/definitions/count"},
        "rss_anon_pages": {"$ref": "#/definitions/count"},
        "rss_file_pages": {"$ref": "#/definitions/count"},
        "rss_shmem_pages": {"$ref": "#/definitions/count"},
        "pgtables_bytes": {"$ref": "#/definitions/count"},
        "nr_ptes": {"$ref": "#/definitions/count"},
        "nr_pmds": {"$ref": "#/definitions/count"},
        "swapents_pages": {"$ref": "#/definitions/count"},
        "oom_score_adj": {"type": "integer"},
        "oom_adj": {"type": "integer"},
        "cpu": {"type": "integer"},
        "other_columns": {"$ref": "#/definitions/values"},
        "line": {"type": "integer", "minimum": 1}
      }
    },
    "victim": {
      "description": "A process that the kernel killed",
      "type": "object",
      "required": ["pid", "comm", "line"],
      "additionalProperties": false,
      "properties": {
        "pid": {"type": "integer"},
        "comm": {"$ref": "#/definitions/comm"},
        "comm_hex": {"$ref": "#/definitions/hex"},
        "uid": {"$ref": "#/definitions/count"},
        "total_vm_kib": {"$ref": "#/definitions/count"},
        "anon_rss_kib": {"$ref": "#/definitions/count"},
        "file_rss_kib": {"$ref": "#/definitions/count"},
        "shmem_rss_kib": {"$ref": "#/definitions/count"},
        "pgtables_kib": {"$ref": "#/definitions/count"},
        "oom_score_adj": {"type": "integer"},
        "score": {"type": "integer"},
        "task_memcg": {"type": "string"},
        "reaped": {
          "description": "What the oom_reaper left",
          "type": "object",
          "required": ["anon_rss_kib", "file_rss_kib", "shmem_rss_kib"],
          "additionalProperties": false,
          "properties": {
            "anon_rss_kib": {"$ref": "#/definitions/count"},
            "file_rss_kib": {"$ref": "#/definitions/count"},
            "shmem_rss_kib": {"$ref": "#/definitions/count"}
          }
        },
        "line": {"type": "integer", "minimum": 1}
      }
    }
  }
})schema";

}  // namespace

std::string_view ReportSchema() { return kSchema; }

}  // namespace oomlab::parser
