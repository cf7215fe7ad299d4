#include "harness/record/schema.h"

namespace oomlab::harness {

std::string_view RecordSchema() {
  return R"json({
  "$schema": "http://json-schema.org/draft-07/schema#",
  "$id": "oomlab.record/1",
  "title": "oomlab record",
  "description": "Everything one run observed, but for kernel.log, console.log and scenario.json beside it. Absent fields were not observed.",
  "type": "object",
  "additionalProperties": false,
  "required": [
    "schema",
    "status",
    "context",
    "scenario_name",
    "scenario_path",
    "scenario_sha256",
    "findings",
    "times",
    "observation"
  ],
  "properties": {
    "schema": {"description": "form of this file", "enum": ["oomlab.record/1"]},
    "status": {
      "description": "\"running\" until all is written",
      "enum": ["running", "complete"]
    },
    "context": {
      "description": "the environment",
      "type": "object",
      "additionalProperties": false,
      "required": [
        "oomlab_version",
        "started_at",
        "host_kernel",
        "host_cpu",
        "host_cpus",
        "backend",
        "kernel_name",
        "kernel_path",
        "kernel_release",
        "kernel_package_version",
        "kernel_sha256",
        "qemu_version",
        "machine_type",
        "qemu_command",
        "accel",
        "accel_reason",
        "replay_command"
      ],
      "properties": {
        "oomlab_version": {"description": "version of oomlab that ran it", "type": "string"},
        "started_at": {"description": "when, RFC 3339, UTC", "type": "string"},
        "host_kernel": {"description": "kernel release of the host", "type": "string"},
        "host_cpu": {"description": "processor of the host", "type": "string"},
        "host_cpus": {
          "description": "processors of the host",
          "type": "integer",
          "minimum": 0
        },
        "backend": {"description": "where the scenario ran: \"vm\"", "type": "string"},
        "kernel_name": {
          "description": "kernel as asked for: \"debian:6.12\" or a path",
          "type": "string"
        },
        "kernel_path": {"description": "kernel file", "type": "string"},
        "kernel_release": {
          "description": "release of the kernel, as uname -r says",
          "type": "string"
        },
        "kernel_package_version": {
          "description": "version of its package; empty for a file",
          "type": "string"
        },
        "kernel_sha256": {"description": "SHA-256 of the kernel file", "type": "string"},
        "qemu_version": {"description": "version of QEMU", "type": "string"},
        "machine_type": {"description": "QEMU machine", "type": "string"},
        "qemu_command": {
          "description": "QEMU's command line",
          "type": "array",
          "items": {"type": "string"}
        },
        "accel": {"description": "\"kvm\" or \"tcg\"", "type": "string"},
        "accel_reason": {"description": "why that one", "type": "string"},
        "replay_command": {"description": "runs the same again", "type": "string"}
      }
    },
    "scenario_name": {"description": "name of the scenario", "type": "string"},
    "scenario_path": {"description": "its file", "type": "string"},
    "scenario_sha256": {"description": "SHA-256 of the file", "type": "string"},
    "verdict": {
      "description": "what came out",
      "enum": ["pass", "fail", "broken", "unsupported"]
    },
    "broken": {
      "description": "why the run says nothing about the kernel",
      "type": "object",
      "additionalProperties": false,
      "required": ["cause", "message"],
      "properties": {
        "cause": {
          "description": "what failed",
          "enum": [
            "boot_failed",
            "guest_panic",
            "qemu_died",
            "deadline",
            "channel",
            "agent",
            "kernel_log_lost",
            "witness",
            "host"
          ]
        },
        "message": {"description": "how", "type": "string"}
      }
    },
    "findings": {
      "description": "each expectation of the scenario",
      "type": "array",
      "items": {
        "type": "object",
        "additionalProperties": false,
        "required": ["holds", "expectation", "expected", "found", "log_lines"],
        "properties": {
          "holds": {
            "description": "whether the expectation came true",
            "type": "boolean"
          },
          "expectation": {"description": "field of \"expect\"", "type": "string"},
          "expected": {"description": "what the scenario says", "type": "string"},
          "found": {"description": "what happened", "type": "string"},
          "log_lines": {
            "description": "lines of the kernel log that show it",
            "type": "array",
            "items": {"type": "string"}
          }
        }
      }
    },
    "console_panic": {"description": "first panic line of the console", "type": "string"},
    "times": {
      "description": "wall time on the host, seconds",
      "type": "object",
      "additionalProperties": false,
      "required": ["boot_s", "run_s", "total_s"],
      "properties": {
        "boot_s": {
          "description": "QEMU started to first word of the agent",
          "type": "number"
        },
        "run_s": {"description": "first to last word of the agent", "type": "number"},
        "total_s": {"description": "all of it", "type": "number"}
      }
    },
    "observation": {
      "description": "what the agent saw; times are the guest's monotonic clock in nanoseconds",
      "type": "object",
      "additionalProperties": false,
      "required": [
        "finished",
        "agent_errors",
        "unsupported",
        "kernel_log_lost",
        "phases",
        "processes",
        "snapshots",
        "samples"
      ],
      "properties": {
        "guest": {
          "description": "the machine that ran out of memory",
          "type": "object",
          "additionalProperties": false,
          "required": [
            "release",
            "version",
            "boot_cmdline",
            "cgroup_version",
            "cpus",
            "page_size_bytes",
            "mem_total_kib",
            "mem_available_kib"
          ],
          "properties": {
            "release": {"description": "uname -r", "type": "string"},
            "version": {"description": "uname -v", "type": "string"},
            "boot_cmdline": {"description": "/proc/cmdline", "type": "string"},
            "cgroup_version": {"description": "2 or 1", "type": "integer"},
            "cpus": {"description": "processors", "type": "integer", "minimum": 0},
            "page_size_bytes": {"description": "page size", "type": "integer", "minimum": 0},
            "mem_total_kib": {"description": "MemTotal", "type": "integer", "minimum": 0},
            "mem_available_kib": {
              "description": "MemAvailable before anything was started",
              "type": "integer",
              "minimum": 0
            }
          }
        },
        "finished": {
          "description": "the agent said that it was through",
          "type": "boolean"
        },
        "agent_errors": {
          "description": "what the agent could not do",
          "type": "array",
          "items": {"type": "string"}
        },
        "unsupported": {
          "description": "what this kernel lacks",
          "type": "array",
          "items": {"type": "string"}
        },
        "kernel_log_lost": {
          "description": "records that the kernel overwrote before they were read",
          "type": "integer",
          "minimum": 0
        },
        "phases": {
          "description": "in order",
          "type": "array",
          "items": {
            "type": "object",
            "additionalProperties": false,
            "required": ["name", "t_ns"],
            "properties": {
              "name": {"description": "name of the phase", "type": "string"},
              "t_ns": {"description": "when it began", "type": "integer"}
            }
          }
        },
        "processes": {
          "description": "every process of the workloads",
          "type": "array",
          "items": {
            "type": "object",
            "additionalProperties": false,
            "required": [
              "workload",
              "role",
              "index",
              "pid",
              "comm",
              "cgroup",
              "oom_score_adj",
              "active"
            ],
            "properties": {
              "workload": {"description": "workload of the scenario", "type": "string"},
              "role": {
                "description": "first process or one of its children",
                "enum": ["parent", "worker"]
              },
              "index": {
                "description": "number in its role",
                "type": "integer",
                "minimum": 0
              },
              "pid": {"description": "process id in the guest", "type": "integer"},
              "comm": {
                "description": "process name; bytes that are not UTF-8 are replaced",
                "type": "string"
              },
              "comm_hex": {
                "description": "the name's bytes in hexadecimal, where they are not UTF-8",
                "type": "string"
              },
              "cgroup": {"description": "as in the scenario", "type": "string"},
              "oom_score_adj": {"description": "-1000 to 1000", "type": "integer"},
              "active": {
                "description": "has something to do after the start signal",
                "type": "boolean"
              },
              "done": {
                "description": "\"reached\" or \"enomem\": how its task ended",
                "type": "string"
              },
              "reached_bytes": {
                "description": "what it held then",
                "type": "integer",
                "minimum": 0
              },
              "exit_code": {"description": "ended by itself", "type": "integer"},
              "exit_signal": {"description": "ended by a signal", "type": "integer"},
              "exit_ns": {"description": "when it ended", "type": "integer"}
            }
          }
        },
        "before": {"$ref": "#/definitions/counters"},
        "after": {"$ref": "#/definitions/counters"},
        "snapshots": {
          "description": "memory of every process, at phases",
          "type": "array",
          "items": {
            "type": "object",
            "additionalProperties": false,
            "required": ["phase", "t_ns", "processes", "cgroup_charge_bytes"],
            "properties": {
              "phase": {"description": "phase", "type": "string"},
              "t_ns": {"description": "when", "type": "integer"},
              "processes": {
                "description": "every live process, from smaps_rollup",
                "type": "array",
                "items": {
                  "type": "object",
                  "additionalProperties": false,
                  "required": [
                    "pid",
                    "rss_kib",
                    "pss_kib",
                    "shared_kib",
                    "private_kib",
                    "anon_kib",
                    "swap_kib"
                  ],
                  "properties": {
                    "pid": {"description": "process id", "type": "integer"},
                    "rss_kib": {"description": "mapped and present", "type": "integer"},
                    "pss_kib": {"description": "its share of that", "type": "integer"},
                    "shared_kib": {
                      "description": "mapped by others too",
                      "type": "integer"
                    },
                    "private_kib": {
                      "description": "mapped by nobody else",
                      "type": "integer"
                    },
                    "anon_kib": {"description": "anonymous", "type": "integer"},
                    "swap_kib": {"description": "in swap", "type": "integer"}
                  }
                }
              },
              "cgroup_charge_bytes": {
                "description": "cgroup -> memory.current",
                "type": "object",
                "additionalProperties": {"type": "integer"}
              }
            }
          }
        },
        "samples": {
          "description": "memory of the whole, over time",
          "type": "array",
          "items": {
            "type": "object",
            "additionalProperties": false,
            "required": [
              "t_ns",
              "cgroup_charge_bytes",
              "mem_free_kib",
              "mem_available_kib",
              "anon_kib",
              "shmem_kib"
            ],
            "properties": {
              "t_ns": {"description": "when", "type": "integer"},
              "cgroup_charge_bytes": {
                "description": "cgroup -> memory.current",
                "type": "object",
                "additionalProperties": {"type": "integer"}
              },
              "mem_free_kib": {"description": "MemFree", "type": "integer"},
              "mem_available_kib": {"description": "MemAvailable", "type": "integer"},
              "anon_kib": {"description": "AnonPages", "type": "integer"},
              "shmem_kib": {"description": "Shmem", "type": "integer"}
            }
          }
        }
      }
    }
  },
  "definitions": {
    "counters": {
      "type": "object",
      "additionalProperties": false,
      "required": ["vmstat", "cgroup_events"],
      "properties": {
        "vmstat": {
          "description": "counters of /proc/vmstat",
          "type": "object",
          "additionalProperties": {"type": "integer"}
        },
        "cgroup_events": {
          "description": "cgroup -> memory.events",
          "type": "object",
          "additionalProperties": {"type": "object", "additionalProperties": {"type": "integer"}}
        }
      }
    }
  }
}
)json";
}

}  // namespace oomlab::harness
