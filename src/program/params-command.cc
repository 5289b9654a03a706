// SPDX-License-Identifier: GPL-2.0-only
#include "campaign/table.h"
#include "class-registry.h"
#include "commands.h"
#include "value-printer.h"

#include <sstream>
#include <utility>

namespace p2pim::program
{

namespace
{

using campaign::Table;

/// One line for each class of p2pim.
Table
MakeClassTable()
{
    Table table;
    table.columns = {{"class", "", false}, {"parent", "", false}, {"attributes", "", true}};
    for (const auto& type : GetModuleClasses())
    {
        table.rows.push_back({GetShortName(type),
                              GetShortName(type.GetParent()),
                              static_cast<int64_t>(GetAttributes(type).size())});
    }
    return table;
}

/// One line for each attribute of a class, its own first.
Table
MakeAttributeTable(ns3::TypeId type)
{
    Table table;
    table.columns = {{"name", "", false},
                     {"default", "", false},
                     {"type", "", false},
                     {"allowed", "", false},
                     {"class", "", false},
                     {"help", "", false}};
    for (const auto& attribute : GetAttributes(type))
    {
        const auto& info = attribute.info;
        table.rows.push_back({info.name,
                              FormatValue(*info.originalInitialValue, info),
                              DescribeType(info),
                              DescribeAllowed(info),
                              GetShortName(attribute.declarer),
                              info.help});
    }
    return table;
}

/// Writes a text in lines of at most 80 columns, each with blanks in front.
void
WriteWrapped(const std::string& text, std::ostream& out)
{
    constexpr std::size_t width = 80;
    const std::string indent(4, ' ');
    std::istringstream words(text);
    std::string line = indent;
    for (std::string word; words >> word;)
    {
        if (line.size() > indent.size() && line.size() + 1 + word.size() > width)
        {
            out << line << "\n";
            line = indent;
        }
        line.append(line.size() > indent.size() ? " " : "").append(word);
    }
    out << line << "\n";
}

/// Writes a class's attributes for a person to read: a paragraph each.
void
WriteAttributes(ns3::TypeId type, std::ostream& out)
{
    std::string blank;
    for (const auto& attribute : GetAttributes(type))
    {
        const auto& info = attribute.info;
        const bool isOwn = attribute.declarer == type;
        out << std::exchange(blank, "\n") << info.name << " = "
            << FormatValue(*info.originalInitialValue, info) << "\n    " << DescribeType(info)
            << ": " << DescribeAllowed(info)
            << (isOwn ? "" : "; of " + GetShortName(attribute.declarer)) << "\n";
        WriteWrapped(info.help, out);
    }
}

void
Execute(const Arguments& arguments, const Invocation& invocation)
{
    const auto format = arguments.GetChoice("format", {"table", "json"}) == 1
                            ? campaign::Format::JSON
                            : campaign::Format::TABLE;
    const auto& name = arguments.GetOperand();
    if (!name)
    {
        campaign::Write(MakeClassTable(), format, invocation.out);
        return;
    }
    const auto type = GetClass(*name, "'" + *name + "'");
    if (format == campaign::Format::JSON)
    {
        campaign::Write(MakeAttributeTable(type), format, invocation.out);
        return;
    }
    WriteAttributes(type, invocation.out);
}

} // namespace

Command
MakeParamsCommand()
{
    CommandSpec spec;
    spec.name = "params";
    spec.operand = "Class";
    spec.summary = "Lists the classes, or a class's attributes with default, bounds and meaning.";
    spec.example = "p2pim params Smsc";
    spec.options = {{"format", "FORMAT", "table (default) or json"}};
    return {spec, Execute};
}

} // namespace p2pim::program
