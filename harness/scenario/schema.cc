#include "harness/scenario/schema.h"

namespace oomlab::harness {

std::string_view ScenarioSchema() {
  return R"json({
  "$schema": "http://json-schema.org/draft-07/schema#",
  "$id": "oomlab.scenario/1",
  "title": "oomlab scenario",
  "description": "What shall run out of memory, how, and what the kernel shall do. JSON with // and /* */ comments. Sizes are a number of bytes or a text with a unit: B, KiB, MiB, GiB, TiB (1 KiB = 1024 B).",
  "type": "object",
  "additionalProperties": false,
  "required": ["schema", "name", "workloads", "expect"],
  "properties": {
    "schema": {
      "description": "form of this file: \"oomlab.scenario/1\"",
      "enum": ["oomlab.scenario/1"]
    },
    "name": {
      "description": "name of the scenario and of its records: letters, digits, '-', '_' and '.', 64 at most",
      "type": "string"
    },
    "description": {
      "description": "one or two sentences on what is shown",
      "type": "string"
    },
    "machine": {"$ref": "#/definitions/machine"},
    "sysctls": {
      "description": "sysctl name -> value, set before the workloads start, for example {\"vm.oom_dump_tasks\": 0}",
      "type": "object",
      "additionalProperties": {
        "description": "value of a sysctl: a whole number or a text",
        "type": ["string", "integer"]
      }
    },
    "cgroups": {
      "description": "cgroup v2 groups to create, in any order; ancestors are created too",
      "type": "array",
      "items": {"$ref": "#/definitions/cgroup"}
    },
    "workloads": {
      "description": "what runs, at least one; all start at the same moment once each is ready",
      "type": "array",
      "minItems": 1,
      "items": {
        "type": "object",
        "required": ["name", "kind"],
        "properties": {
          "kind": {
            "description": "kind of load: \"prefork\" (a parent whose image is shared copy-on-write by its workers) or \"alloc\" (workers that allocate, like stress)",
            "enum": ["prefork", "alloc"]
          }
        },
        "allOf": [
          {
            "if": {"required": ["kind"], "properties": {"kind": {"const": "prefork"}}},
            "then": {"$ref": "#/definitions/prefork"}
          },
          {
            "if": {"required": ["kind"], "properties": {"kind": {"const": "alloc"}}},
            "then": {"$ref": "#/definitions/alloc"}
          }
        ]
      }
    },
    "deadline_s": {
      "description": "seconds from the first word of the guest to the end, at least 10 are given, above 0, 3600 at most, 30 if not given; slower machines get more in proportion",
      "type": "number",
      "exclusiveMinimum": 0,
      "maximum": 3600
    },
    "expect": {"$ref": "#/definitions/expect"}
  },
  "definitions": {
    "size": {
      "description": "a size: a whole number of bytes, or a text such as \"64MiB\"",
      "type": ["string", "integer"],
      "minimum": 0
    },
    "limit": {
      "description": "a limit: a whole number of bytes, a text such as \"64MiB\", or \"max\" for none",
      "type": ["string", "integer"],
      "minimum": 0
    },
    "workload_name": {
      "description": "name of the workload, unique in the scenario: letters, digits, '-', '_' and '.'; its processes are NAME/parent and NAME/worker/0, NAME/worker/1, ...",
      "type": "string"
    },
    "cgroup_of_workload": {
      "description": "cgroup that the processes start in: one of \"cgroups\", or \"/\" (the default) for none of them",
      "type": "string"
    },
    "comm": {
      "description": "process name as the kernel shows it, 1 to 15 bytes; the program's own name if not given",
      "type": "string",
      "minLength": 1
    },
    "oom_score_adj": {
      "description": "oom_score_adj of all its processes, a whole number from -1000 (never killed) to 1000 (killed first), 0 if not given",
      "type": "integer",
      "minimum": -1000,
      "maximum": 1000
    },
    "workers": {
      "description": "number of worker processes, 1 to 4096, 1 if not given",
      "type": "integer",
      "minimum": 1,
      "maximum": 4096
    },
    "machine": {
      "description": "the guest of the VM backend",
      "type": "object",
      "additionalProperties": false,
      "properties": {
        "memory": {
          "description": "RAM of the guest, whole MiB, 64 MiB at least, 192 MiB if not given: a whole number of bytes, or a text such as \"192MiB\"",
          "type": ["string", "integer"],
          "minimum": 0
        },
        "cpus": {
          "description": "processors of the guest, 1 to 64, 1 if not given",
          "type": "integer",
          "minimum": 1,
          "maximum": 64
        },
        "type": {
          "description": "microvm boots about half a second faster and is the default; q35 is a whole PC with PCI, for what microvm lacks",
          "enum": ["microvm", "q35"]
        }
      }
    },
    "cgroup": {
      "type": "object",
      "additionalProperties": false,
      "required": ["path"],
      "properties": {
        "path": {
          "description": "path of the group, such as \"/app\" or \"/app/workers\"",
          "type": "string"
        },
        "memory.max": {"$ref": "#/definitions/limit"},
        "memory.high": {"$ref": "#/definitions/limit"},
        "memory.low": {"$ref": "#/definitions/limit"},
        "memory.min": {"$ref": "#/definitions/limit"},
        "memory.swap.max": {"$ref": "#/definitions/limit"},
        "memory.oom.group": {
          "description": "true: the OOM killer kills all processes of the group or none; false if not given",
          "type": "boolean"
        }
      }
    },
    "prefork": {
      "type": "object",
      "additionalProperties": false,
      "required": ["name", "kind", "image"],
      "properties": {
        "name": {"$ref": "#/definitions/workload_name"},
        "kind": {"const": "prefork"},
        "cgroup": {"$ref": "#/definitions/cgroup_of_workload"},
        "comm": {"$ref": "#/definitions/comm"},
        "worker_comm": {"$ref": "#/definitions/comm"},
        "oom_score_adj": {"$ref": "#/definitions/oom_score_adj"},
        "image": {
          "description": "memory that the parent fills before it forks, shared copy-on-write by the workers: a whole number of bytes, or a text such as \"20MiB\"",
          "type": ["string", "integer"],
          "minimum": 0
        },
        "workers": {"$ref": "#/definitions/workers"},
        "worker_private": {
          "description": "memory of its own that each worker fills before the start signal, 0 if not given: a whole number of bytes, or a text such as \"1MiB\"",
          "type": ["string", "integer"],
          "minimum": 0
        },
        "grow": {
          "description": "who grows after the start signal: \"none\" (the default), \"parent\" or \"worker\" (the first one)",
          "enum": ["none", "parent", "worker"]
        },
        "grow_by": {
          "description": "memory that it grows by, on top of the image: a whole number of bytes, or a text such as \"80MiB\"",
          "type": ["string", "integer"],
          "minimum": 0
        }
      }
    },
    "alloc": {
      "type": "object",
      "additionalProperties": false,
      "required": ["name", "kind", "bytes"],
      "properties": {
        "name": {"$ref": "#/definitions/workload_name"},
        "kind": {"const": "alloc"},
        "cgroup": {"$ref": "#/definitions/cgroup_of_workload"},
        "comm": {"$ref": "#/definitions/comm"},
        "worker_comm": {"$ref": "#/definitions/comm"},
        "oom_score_adj": {"$ref": "#/definitions/oom_score_adj"},
        "workers": {"$ref": "#/definitions/workers"},
        "bytes": {
          "description": "memory that each worker touches after the start signal: a whole number of bytes, or a text such as \"100MiB\"",
          "type": ["string", "integer"],
          "minimum": 0
        },
        "mode": {
          "description": "\"keep\" (the default): hold the memory; \"cycle\": free and take it again",
          "enum": ["keep", "cycle"]
        },
        "cycles": {
          "description": "with mode \"cycle\": how often the memory is freed and taken again, 1 to 1000000",
          "type": "integer",
          "minimum": 1,
          "maximum": 1000000
        }
      }
    },
    "expect": {
      "description": "what must hold, at least one statement; what is not named is not asked",
      "type": "object",
      "additionalProperties": false,
      "minProperties": 1,
      "properties": {
        "outcome": {
          "description": "what the OOM killer does: \"killed\" (one process at a time), \"group_killed\" (memory.oom.group), \"panic\", \"no_killable_process\", or \"none\" (memory does not run out)",
          "enum": ["killed", "group_killed", "panic", "no_killable_process", "none"]
        },
        "constraint": {
          "description": "what limited the allocation, in the kernel's word",
          "enum": ["CONSTRAINT_NONE", "CONSTRAINT_CPUSET", "CONSTRAINT_MEMORY_POLICY", "CONSTRAINT_MEMCG"]
        },
        "victims": {
          "description": "the processes that are killed, these and no others; a list, empty for nobody",
          "type": "array",
          "items": {"$ref": "#/definitions/victim"}
        },
        "survivors": {
          "description": "processes that are alive at the end",
          "type": "array",
          "items": {"$ref": "#/definitions/survivor"}
        },
        "task_table": {
          "description": "true: every report holds the table of tasks; false: none does",
          "type": "boolean"
        }
      }
    },
    "process": {
      "description": "processes of a workload: \"NAME/parent\", \"NAME/worker\" (any of the workers) or \"NAME/worker/3\"",
      "type": "string"
    },
    "victim": {
      "type": "object",
      "additionalProperties": false,
      "required": ["process"],
      "properties": {
        "process": {"$ref": "#/definitions/process"},
        "count": {
          "description": "how many of them are killed, 1 if not given",
          "type": "integer",
          "minimum": 1,
          "maximum": 4096
        }
      }
    },
    "survivor": {
      "type": "object",
      "additionalProperties": false,
      "required": ["process"],
      "properties": {
        "process": {"$ref": "#/definitions/process"},
        "count": {
          "description": "how many of them are alive at the end, neither more nor fewer; all of them if not given",
          "type": "integer",
          "minimum": 1,
          "maximum": 4096
        }
      }
    }
  }
}
)json";
}

}  // namespace oomlab::harness
