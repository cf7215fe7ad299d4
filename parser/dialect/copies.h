// What people and programs do to a log while they copy it, and its undoing:
//
//   > > [    1.93] Mem-Info:                     mail quotes
//   gfp_mask=3D0xcc0(GFP_KERNEL), oom_scor=      quoted-printable, with soft
//   e_adj=3D0                                    line breaks
//   [&lt;c04e7f34&gt;] dump_header&#43;0x84      HTML, with <br> for line ends
//   (blanks that are U+00A0 or U+3000)           web pages, word processors
//   oom_score_              adj=0                a wrapped line, padded
//   isolated_anon:0#012 active_file:0            rsyslog's octal escapes
//
// Each is undone only on evidence that a process name cannot fake, since names
// may hold all of it.

#ifndef OOMLAB_PARSER_DIALECT_COPIES_H_
#define OOMLAB_PARSER_DIALECT_COPIES_H_

#include <string>
#include <string_view>
#include <vector>

namespace oomlab::parser {

// What the lines so far have shown.
class CopyUndoer {
 public:
  // The line as it was, as views that are valid until the next call: usually
  // one, none while a soft line break is open, several where <br> ended lines.
  const std::vector<std::string_view>& Undo(std::string_view line);
  // A soft line break that nothing followed.
  const std::vector<std::string_view>& Finish();

  // A line that names the OOM killer in its fixed words was full of U+00A0.
  [[nodiscard]] bool wide() const { return wide_; }

 private:
  [[nodiscard]] bool NeedsNothing(std::string_view line) const;
  std::string_view UndoQuotedPrintable(std::string_view line, bool& open);
  std::string_view UndoWide(std::string_view line);
  void SplitAtBreaks(std::string_view line);
  std::string_view UndoEntities(std::string_view line);

  bool quoted_printable_ = false;
  bool html_ = false;
  bool breaks_ = false;
  bool wide_ = false;
  std::string soft_;  // Lines joined by soft breaks.
  std::string decoded_, blanks_;
  std::vector<std::string> pieces_;
  std::vector<std::string_view> result_;
};

// "#012" -> line feed and so on; false when there was nothing to do.
bool UndoOctal(std::string_view text, std::string& out);

// Takes out runs of blanks that no kernel line has, wherever a wrap put them.
bool RemovePadding(std::string_view text, std::string& out);

}  // namespace oomlab::parser

#endif  // OOMLAB_PARSER_DIALECT_COPIES_H_
